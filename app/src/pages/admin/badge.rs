//! What an account is, in one word.

use leptos::prelude::*;
use wire::ManagedUser;

/// Whether somebody can sign in, with a mark in the colour of what it means.
#[component]
pub(super) fn AccountBadge(
    /// Whether the account may sign in.
    is_active: bool,
    /// Whether its owner has chosen a password.
    has_password: bool,
) -> impl IntoView {
    let (word, status) = badge(is_active, has_password);
    view! { <span class="status" data-testid="user-status" data-status=status>{word}</span> }
}

fn badge(is_active: bool, has_password: bool) -> (&'static str, &'static str) {
    match (is_active, has_password) {
        (false, _) => ("Disabled", "failed"),
        (true, false) => ("No password yet", "pending"),
        (true, true) => ("Active", "ready"),
    }
}

/// The word for a role.
pub(super) fn role_word(role: &str) -> &'static str {
    match role {
        "admin" => "Admin",
        _ => "Member",
    }
}

/// What signing in takes, in words.
pub(super) fn second_factor_words(user: &ManagedUser) -> String {
    let passkeys = crate::format::counted(user.passkeys, "passkey");
    match (user.totp, user.passkeys) {
        (false, 0) => "None".to_owned(),
        (true, 0) => "Authenticator app".to_owned(),
        (false, _) => passkeys,
        (true, _) => format!("Authenticator app, {passkeys}"),
    }
}

/// How many tokens were sent this month, of how many.
pub(super) fn token_words(used: i64, limit: Option<i64>) -> String {
    let used = crate::format::number(used);
    match limit {
        Some(limit) => format!("{used} of {}", crate::format::number(limit)),
        None => used,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disabled_account_is_shown_as_such_whatever_else_it_is() {
        assert_eq!(badge(false, true).0, "Disabled");
        assert_eq!(badge(false, false).0, "Disabled");
        assert_eq!(badge(true, false).0, "No password yet");
        assert_eq!(badge(true, true), ("Active", "ready"));
    }

    #[test]
    fn tokens_are_said_with_their_limit() {
        assert_eq!(token_words(1_200, None), "1,200");
        assert_eq!(token_words(0, Some(5_000)), "0 of 5,000");
    }
}
