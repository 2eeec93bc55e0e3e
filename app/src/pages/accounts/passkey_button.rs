//! The button that signs in with a passkey.

use crate::server_fns::passkeys::{BeginPasskeySignIn, SignInWithPasskey};
use leptos::{prelude::*, server_fn::ServerFn};

/// Has the browser's authenticator asked, and what it says posted, by `public/page.js`. There only where
/// scripts run.
#[component]
pub(super) fn PasskeyButton(
    /// What it says.
    label: &'static str,
    /// Whether the password was given before.
    second_factor: bool,
    /// Where to go afterwards.
    #[prop(into)]
    next: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <form
            class="stack js-only"
            method="post"
            action=SignInWithPasskey::PATH
            data-passkey=BeginPasskeySignIn::PATH
        >
            <input type="hidden" name="next" value=move || next.get()/>
            <input type="hidden" name="second_factor" value=second_factor.to_string()/>
            <input type="hidden" name="ceremony"/>
            <input type="hidden" name="credential"/>
            <button type="submit" class="button" data-testid="passkey-sign-in">{label}</button>
            <PasskeyStatus/>
        </form>
    }
    .into_any()
}

/// What came of asking the browser's authenticator, if it was not an answer.
#[component]
pub(super) fn PasskeyStatus() -> impl IntoView {
    view! { <p class="saved muted" role="status" data-passkey-status data-testid="passkey-status"></p> }
}
