//! Another address for one's account: the form, and the page that the link leads to.

use super::card::{OpenCard, Username};
use crate::{
    AppError, response,
    server_fns::mail::{ChangeEmail, ConfirmEmail, WithdrawEmail, get_email},
    ui::{panel::ErrorPanel, refusal::Refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::Email;

/// `/confirm-email`; `?token=` is that of the link. Programs that look through mail open links, too:
/// only the button changes anything.
#[component]
pub(crate) fn ConfirmEmailPage() -> impl IntoView {
    let query = use_query_map();
    let waiting = Resource::new(|| (), |()| own_waiting_address());
    let content = move || {
        let query = query.read();
        if query.get("done").is_some() {
            return view! {
                <p role="status" data-testid="email-confirmed">
                    "The address is confirmed. It is your account's from now on."
                </p>
                <p><a class="button primary" href="/account" rel="external">"To your account"</a></p>
            }
            .into_any();
        }
        match query.get("token").filter(|token| !token.is_empty()) {
            None => view! { <p>"This page needs the link from the mail, whole."</p> }.into_any(),
            Some(token) => view! {
                <p>"Your account gets the address that this link was sent to."</p>
                <Transition>{move || waiting.get().flatten().map(|address| view! { <Waiting address/> })}</Transition>
                <form class="stack" method="post" action=ConfirmEmail::PATH>
                    <input type="hidden" name="token" value=token/>
                    <button type="submit" class="button primary" data-testid="confirm-email">
                        "Confirm the address"
                    </button>
                </form>
            }
            .into_any(),
        }
    };
    view! {
        <Title text="Confirm your address"/>
        <OpenCard title="Confirm your address">{content}</OpenCard>
    }
    .into_any()
}

/// The address that waits in the account of whoever is signed in here. The link alone does not tell it:
/// it may have come to anybody.
async fn own_waiting_address() -> Option<String> {
    if !response::may_be_signed_in() {
        return None;
    }
    get_email().await.ok()?.pending
}

#[component]
fn Waiting(address: String) -> impl IntoView {
    view! {
        <p class="muted" data-testid="waiting-address">
            "In your account " <strong>{address}</strong> " waits to be confirmed."
        </p>
    }
}

/// The address, the one that waits, and the form that asks for another.
#[component]
pub(super) fn EmailForm(
    /// Whose account it is.
    handle: Signal<String>,
) -> impl IntoView {
    let email = Resource::new(|| (), |()| get_email());
    let query = use_query_map();
    let sent = move || query.read().get("done").as_deref() == Some("email");
    view! {
        <section class="card stack account-card">
            <h2>"E-mail address"</h2>
            <p class="saved good-text" role="status" data-testid="email-sent">
                {move || sent().then_some("A link is on its way to that address. Open it within a day.")}
            </p>
            <Transition>{move || email.get().map(|email| body(email, handle))}</Transition>
        </section>
    }
    .into_any()
}

fn body(email: Result<Email, AppError>, handle: Signal<String>) -> AnyView {
    let email = match email {
        Ok(email) => email,
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
    };
    let refusal = Refusal::of(ChangeEmail::PATH);
    if !email.changeable {
        return view! {
            <p class="muted">"This vault sends no mail. Without it an address can't be confirmed, so yours stays as it is."</p>
        }
        .into_any();
    }
    view! {
        {email.pending.map(|address| view! { <Pending address/> })}
        <form class="stack" method="post" action=ChangeEmail::PATH>
            <Username handle/>
            <label class="field">
                <span>"New address"</span>
                <input
                    type="email"
                    name="email"
                    required
                    maxlength="254"
                    autocomplete="email"
                    aria-invalid=refusal.invalid("email")
                    aria-describedby=refusal.told_by("email")
                    data-testid="email-address"
                />
                <span class="hint">"A link is sent there. The address counts once you have opened it."</span>
            </label>
            <label class="field">
                <span>"Your password"</span>
                <input
                    type="password"
                    name="password"
                    required
                    autocomplete="current-password"
                    aria-invalid=refusal.invalid("password")
                    aria-describedby=refusal.told_by("password")
                    data-testid="email-password"
                />
            </label>
            <div>
                <button type="submit" class="button" data-testid="email-submit">"Change address"</button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Pending(address: String) -> impl IntoView {
    view! {
        <form class="entry" method="post" action=WithdrawEmail::PATH data-testid="email-pending">
            <div class="entry-main">
                <p class="entry-name">{address}</p>
                <p class="muted">"Waits for the link that was sent there to be opened."</p>
            </div>
            <button type="submit" class="button small" data-testid="email-withdraw">"Withdraw"</button>
        </form>
    }
}
