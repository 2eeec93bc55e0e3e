//! What the account asks for besides the password, and how to change that.

use super::card::Username;
use crate::{
    AppError,
    server_fns::second_factor::{BeginTotp, DisableTotp, RenewRecoveryCodes},
    ui::{confirm::Confirm, panel::ErrorPanel},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use wire::SecondFactor;

/// The account's card about it.
#[component]
pub(super) fn SecondFactorCard(
    /// What there is.
    state: Resource<Result<SecondFactor, AppError>>,
    /// Whose it is.
    handle: Signal<String>,
) -> impl IntoView {
    let query = use_query_map();
    let done = move || match query.read().get("done").as_deref() {
        Some("second-factor-on") => {
            Some("The authenticator app is on. Everywhere else you are signed out.")
        }
        Some("second-factor-off") => {
            Some("The authenticator app is off. Everywhere else you are signed out.")
        }
        _ => None,
    };
    view! {
        <section class="card stack account-card" id="second-factor" data-testid="second-factor">
            <h2>"Second factor"</h2>
            <p class="saved good-text" role="status">{done}</p>
            <Transition>
                {move || {
                    state
                        .get()
                        .map(|answer| match answer {
                            Err(error) => view! { <ErrorPanel error/> }.into_any(),
                            Ok(state) => view! { <AuthenticatorApp on=state.totp handle/> <Codes state handle/> }.into_any(),
                        })
                }}
            </Transition>
        </section>
    }
    .into_any()
}

#[component]
fn AuthenticatorApp(on: bool, handle: Signal<String>) -> impl IntoView {
    if on {
        view! {
            <p class="muted">"Signing in takes a code of your authenticator app, besides the password."</p>
            <div>
                <Confirm
                    id="totp-off".to_owned()
                    button="Switch the app off"
                    label="Switch the authenticator app off".to_owned()
                    testid="totp-off"
                    question="Switch the authenticator app off?".to_owned()
                    consequence="Who knows your password can sign in then. Everywhere else you are signed out."
                >
                    <Confirmed action=DisableTotp::PATH button="Switch off" danger=true testid="totp-off" handle/>
                </Confirm>
            </div>
        }
        .into_any()
    } else {
        view! {
            <p class="muted">
                "With an authenticator app on your phone, a stolen password is not enough to sign in: it takes a code of the app, too."
            </p>
            <Confirmed action=BeginTotp::PATH button="Set up an authenticator app" danger=false testid="totp" handle/>
        }
        .into_any()
    }
}

/// How many recovery codes there are. They stand in for any second factor.
#[component]
fn Codes(state: SecondFactor, handle: Signal<String>) -> impl IntoView {
    if !state.totp && state.passkeys == 0 {
        return ().into_any();
    }
    let left = match state.recovery_codes_left {
        0 => "No recovery code is left.".to_owned(),
        1 => "One recovery code is left.".to_owned(),
        left => format!("{left} recovery codes are left."),
    };
    view! {
        <p class="muted" data-testid="recovery-codes-left">
            {left} " A recovery code lets you in once without the second factor."
        </p>
        <div>
            <Confirm
                id="new-codes".to_owned()
                button="Make new codes"
                label="Make new recovery codes".to_owned()
                testid="new-codes"
                question="Make ten new recovery codes?".to_owned()
                consequence="The codes that you have now will no longer work."
            >
                <Confirmed action=RenewRecoveryCodes::PATH button="Make new codes" danger=true testid="new-codes" handle/>
            </Confirm>
        </div>
    }
    .into_any()
}

/// A form that takes the password, to make sure who sits there. A plain one: the browser leaves the page.
#[component]
fn Confirmed(
    action: &'static str,
    button: &'static str,
    danger: bool,
    /// What the tests' hooks begin with.
    testid: &'static str,
    handle: Signal<String>,
) -> impl IntoView {
    view! {
        <form class="stack wide" method="post" action=action>
            <Username handle/>
            <label class="field">
                <span>"Your password"</span>
                <input
                    type="password"
                    name="password"
                    required
                    autocomplete="current-password"
                    data-testid=format!("{testid}-password")
                />
            </label>
            <div>
                <button type="submit" class="button" class:danger=danger data-testid=format!("{testid}-submit")>
                    {button}
                </button>
            </div>
        </form>
    }
    .into_any()
}
