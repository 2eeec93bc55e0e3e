//! Setting up an authenticator app.

use crate::{
    AppError,
    server_fns::second_factor::{ConfirmTotp, NewApp, get_totp_being_set_up},
    ui::{panel::ErrorPanel, refusal::Refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// How many characters of the secret stand together, to be typed.
const GROUP: usize = 4;

/// `/account/second-factor`
#[component]
pub(crate) fn TotpPage() -> impl IntoView {
    let set_up = Resource::new(|| (), |()| get_totp_being_set_up());
    view! {
        <Title text="Authenticator app"/>
        <Transition>{move || set_up.get().map(body)}</Transition>
    }
    .into_any()
}

fn body(set_up: Result<Option<NewApp>, AppError>) -> AnyView {
    let steps = match set_up {
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(None) => view! {
            <p>"No authenticator app is being set up, or it took too long. Begin again on the account page."</p>
        }
        .into_any(),
        Ok(Some(app)) => view! { <Steps app/> }.into_any(),
    };
    view! {
        <header class="page-head"><h1>"Authenticator app"</h1></header>
        <section class="card stack account-card">
            {steps}
            <p class="muted"><a href="/account">"Back to the account"</a></p>
        </section>
    }
    .into_any()
}

#[component]
fn Steps(app: NewApp) -> impl IntoView {
    let refusal = Refusal::of(ConfirmTotp::PATH);
    let picture = app.qr.map(|(side, path)| view! { <Picture side path/> });
    view! {
        <h2>"Let the app read this code"</h2>
        <p class="muted">
            "Any app for one-time codes will do: open it on your phone, add an account, and point the camera here."
        </p>
        {picture}
        <p>
            "Without a camera, type this secret into the app: "
            <code class="secret" data-testid="totp-secret">{grouped(&app.secret)}</code>
        </p>
        <h2>"Then enter what it shows"</h2>
        <form class="stack" method="post" action=ConfirmTotp::PATH>
            <label class="field">
                <span>"Code"</span>
                <input
                    type="text"
                    name="code"
                    required
                    maxlength="20"
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    aria-invalid=refusal.invalid("code")
                    aria-describedby=refusal.told_by("code")
                    data-testid="totp-code"
                />
                <span class="hint">"Six digits. Every other sign-in ends."</span>
            </label>
            <div>
                <button type="submit" class="button primary" data-testid="totp-confirm">"Switch it on"</button>
            </div>
        </form>
    }
}

/// Black on white whatever the page's colours are: many apps can't read it the other way round.
#[component]
fn Picture(side: i32, path: String) -> impl IntoView {
    view! {
        <svg
            class="qr"
            viewBox=format!("0 0 {side} {side}")
            role="img"
            aria-label="QR code for your authenticator app"
            shape-rendering="crispEdges"
            data-testid="totp-qr"
        >
            <rect width=side height=side fill="#fff"></rect>
            <path fill="#000" d=path></path>
        </svg>
    }
}

fn grouped(secret: &str) -> String {
    let mut text = String::with_capacity(secret.len() + secret.len() / GROUP);
    for (position, letter) in secret.chars().enumerate() {
        if position > 0 && position % GROUP == 0 {
            text.push(' ');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_secret_is_shown_in_groups() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(grouped("ABCD"), "ABCD");
        assert_eq!(grouped(""), "");
    }
}
