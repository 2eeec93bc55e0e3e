//! The form that changes one's own password.

use super::card::Username;
use crate::server_fns::accounts::ChangePassword;
use leptos::{form::ActionForm, html::Form, prelude::*};
use leptos_router::hooks::use_query_map;

/// The password in use, and the next.
#[component]
pub(super) fn PasswordForm(
    /// Changes it.
    change: ServerAction<ChangePassword>,
    /// Whose it is.
    handle: Signal<String>,
) -> impl IntoView {
    let form: NodeRef<Form> = NodeRef::new();
    Effect::new(move || {
        let done = change.version().get() > 0
            && change.value().with(|value| matches!(value, Some(Ok(()))));
        if let (true, Some(form)) = (done, form.get_untracked()) {
            form.reset();
        }
    });
    // It comes back in the address, with and without JavaScript.
    let query = use_query_map();
    let changed = move || {
        let failed = change.value().with(|value| matches!(value, Some(Err(_))));
        !failed && query.read().get("done").as_deref() == Some("password")
    };
    view! {
        <section class="card stack account-card">
            <h2>"Password"</h2>
            <p class="saved good-text" role="status" data-testid="password-changed">
                {move || changed().then_some("The password is changed. Everywhere else you are signed out.")}
            </p>
            <ActionForm action=change node_ref=form attr:class="stack" attr:data-testid="change-password-form">
                <Username handle/>
                <label class="field">
                    <span>"Password in use"</span>
                    <input
                        type="password"
                        name="current_password"
                        required
                        autocomplete="current-password"
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
                        data-testid="new-password"
                    />
                    <span class="hint">"At least 12 characters. Every other sign-in ends."</span>
                </label>
                <div>
                    <button
                        type="submit"
                        class="button primary"
                        data-testid="change-password"
                        disabled=move || change.pending().get()
                    >
                        "Change password"
                    </button>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
