//! The form that changes one's own password.

use super::card::Username;
use crate::{server_fns::accounts::ChangePassword, ui::refusal::Refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The password in use, and the next.
#[component]
pub(super) fn PasswordForm(
    /// Whose it is.
    handle: Signal<String>,
) -> impl IntoView {
    let query = use_query_map();
    let refusal = Refusal::of(ChangePassword::PATH);
    let changed = move || {
        let query = query.read();
        // What went wrong came after it.
        query.get("__err").is_none() && query.get("done").as_deref() == Some("password")
    };
    view! {
        <section class="card stack account-card">
            <h2>"Password"</h2>
            <p class="saved good-text" role="status" data-testid="password-changed">
                {move || changed().then_some("The password is changed. Everywhere else you are signed out.")}
            </p>
            <form class="stack" method="post" action=ChangePassword::PATH data-testid="change-password-form">
                <Username handle/>
                <label class="field">
                    <span>"Password in use"</span>
                    <input
                        type="password"
                        name="current_password"
                        required
                        autocomplete="current-password"
                        aria-invalid=refusal.invalid("current_password")
                        aria-describedby=refusal.told_by("current_password")
                        data-testid="current-password"
                    />
                </label>
                <label class="field">
                    <span>"New password"</span>
                    <input
                        type="password"
                        name="new_password"
                        required
                        minlength="12"
                        autocomplete="new-password"
                        aria-invalid=refusal.invalid("new_password")
                        aria-describedby=refusal.told_by("new_password")
                        data-testid="new-password"
                    />
                    <span class="hint">"At least 12 characters. Every other sign-in ends."</span>
                </label>
                <div>
                    <button type="submit" class="button primary" data-testid="change-password">"Change password"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
