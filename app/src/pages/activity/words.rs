//! What people read for an event, and for a kind of events.

/// What happened, in a few words. What nobody has written words for is shown as it is stored.
pub(super) fn event_words(event: &str) -> &str {
    match event {
        "account.created" => "Account made",
        "account.deleted" => "Account deleted",
        "account.changed" => "Account changed",
        "account.administered" => "Account changed by an admin",
        "invitation.created" => "Invitation made",
        "session.created" => "Signed in",
        "session.second_factor_wanted" => "Password given, second step asked for",
        "session.refused" => "Sign-in refused",
        "session.revoked" => "Signed out",
        "session.token_reused" => "Session ended: an old token came back",
        "password.changed" => "Password changed",
        "password.reset_requested" => "Link for a new password asked for",
        "second_factor.enabled" => "Second step switched on",
        "second_factor.disabled" => "Second step switched off",
        "recovery_codes.created" => "Recovery codes made",
        "passkey.created" => "Passkey added",
        "passkey.changed" => "Passkey renamed",
        "passkey.deleted" => "Passkey removed",
        "api_token.created" => "Token made",
        "api_token.deleted" => "Token removed",
        "document.created" => "Uploaded",
        "document.read" => "Opened or downloaded",
        "document.filed" => "Topics set",
        "document.processing_requested" => "Had read or filed again",
        "document.deleted" => "Document deleted",
        "topic.created" => "Topic made",
        "topic.changed" => "Topic changed",
        "topic.deleted" => "Topic deleted",
        "settings.changed" => "Settings changed",
        "scrub.requested" => "Check of the store asked for",
        other => other,
    }
}

/// What a kind of events is called.
pub(super) fn kind_words(kind: &str) -> &str {
    match kind {
        "account" => "Account",
        "invitation" => "Invitations",
        "session" => "Sign-ins",
        "password" => "Password",
        "second_factor" => "Second step",
        "recovery_codes" => "Recovery codes",
        "passkey" => "Passkeys",
        "api_token" => "Tokens",
        "document" => "Documents",
        "topic" => "Topics",
        "settings" => "Settings",
        "scrub" => "Store",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::AuditEvent;

    #[test]
    fn every_event_and_kind_has_its_words() {
        for event in AuditEvent::ALL {
            let words = event_words(event.as_str());
            assert!(!words.contains('.'), "{words} is for programs");
        }
        for kind in AuditEvent::kinds() {
            assert!(kind_words(kind).starts_with(char::is_uppercase), "{kind}");
        }
    }
}
