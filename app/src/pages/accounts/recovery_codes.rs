//! New recovery codes, shown once.

use crate::{AppError, server_fns::second_factor::take_recovery_codes, ui::panel::ErrorPanel};
use leptos::prelude::*;
use leptos_meta::Title;
use wire::RecoveryCodes;

/// `/account/recovery-codes`
#[component]
pub(crate) fn RecoveryCodesPage() -> impl IntoView {
    let codes = Resource::new(|| (), |()| take_recovery_codes());
    view! {
        <Title text="Recovery codes"/>
        <Transition>{move || codes.get().map(body)}</Transition>
    }
    .into_any()
}

fn body(codes: Result<RecoveryCodes, AppError>) -> AnyView {
    let codes = match codes {
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(codes) => codes.recovery_codes,
    };
    let print = (!codes.is_empty()).then(
        || view! { <button type="button" class="button js-only" data-print>"Print"</button> },
    );
    let shown = if codes.is_empty() {
        view! {
            <p>"Recovery codes are shown once, when they are made. If you have lost yours, make new ones on the account page."</p>
        }
        .into_any()
    } else {
        view! { <Codes codes/> }.into_any()
    };
    view! {
        <header class="page-head"><h1>"Recovery codes"</h1></header>
        <section class="card stack account-card">
            {shown}
            <p class="actions">
                {print}
                <a class="button" href="/account" data-testid="codes-kept">"Back to the account"</a>
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn Codes(codes: Vec<String>) -> impl IntoView {
    let codes = codes
        .into_iter()
        .map(|code| view! { <li><code data-testid="recovery-code">{code}</code></li> });
    view! {
        <p>"Write these codes down or print them now. They are not kept, and this is the only time that they are shown."</p>
        <p class="muted">"Each lets you in once, after your password, when you have no second factor at hand."</p>
        <ul class="codes" aria-label="Recovery codes">{codes.collect_view()}</ul>
    }
}
