//! The button that signs in with a passkey.

use crate::{
    authenticator::{Outcome, Wanted, ask, send},
    server_fns::passkeys::{SignInWithPasskey, begin_passkey_sign_in},
    ui::banner::ErrorBanner,
};
use leptos::{html::Form, prelude::*, server_fn::ServerFn, task::spawn_local};
use uuid::Uuid;

/// Asks the browser's authenticator, and posts what it says. There only where scripts run.
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
    let form: NodeRef<Form> = NodeRef::new();
    let (busy, outcome) = (RwSignal::new(false), RwSignal::new(None));
    let begin = move |_| {
        busy.set(true);
        outcome.set(None);
        spawn_local(async move {
            match answer(second_factor).await {
                Ok((ceremony, credential)) => {
                    if let Some(form) = form.get_untracked() {
                        let ceremony = ceremony.to_string();
                        send(
                            &form,
                            &[("ceremony", &ceremony), ("credential", &credential)],
                        );
                    }
                }
                Err(error) => {
                    busy.set(false);
                    outcome.set(Some(error));
                }
            }
        });
    };
    view! {
        <form class="stack js-only" method="post" action=SignInWithPasskey::PATH node_ref=form>
            <input type="hidden" name="next" value=move || next.get()/>
            <input type="hidden" name="second_factor" value=second_factor.to_string()/>
            <input type="hidden" name="ceremony"/>
            <input type="hidden" name="credential"/>
            <button
                type="button"
                class="button"
                data-testid="passkey-sign-in"
                disabled=move || busy.get()
                on:click=begin
            >
                {label}
            </button>
            <OutcomeShown outcome/>
        </form>
    }
    .into_any()
}

async fn answer(second_factor: bool) -> Result<(Uuid, String), Outcome> {
    let (ceremony, options) = begin_passkey_sign_in(second_factor)
        .await
        .map_err(Outcome::Refused)?;
    Ok((ceremony, ask(Wanted::Known, &options).await?))
}

/// What came of asking the browser's authenticator, if it was not an answer.
#[component]
pub(super) fn OutcomeShown(
    /// What.
    outcome: RwSignal<Option<Outcome>>,
) -> impl IntoView {
    let quiet = move || match outcome.get() {
        Some(Outcome::NoAnswer(why)) => Some(why.sentence()),
        _ => None,
    };
    let refused = move || match outcome.get() {
        Some(Outcome::Refused(error)) => Some(view! { <ErrorBanner error/> }),
        _ => None,
    };
    view! {
        <p class="saved muted" role="status" data-testid="passkey-status">{quiet}</p>
        {refused}
    }
}
