//! The second step of signing in.

use super::{card::OpenCard, passkey_button::PasskeyButton};
use crate::{
    AppError,
    server_fns::second_factor::{GiveSecondFactor, get_pending_sign_in},
    sign_in::{HOME, after_sign_in, sign_in_address},
    ui::{banner::ErrorBanner, refusal::Refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/login/second-factor`; `?next=` says where to go afterwards.
#[component]
pub(crate) fn SecondStepPage() -> impl IntoView {
    let query = use_query_map();
    let next = Memo::new(move |_| after_sign_in(query.read().get("next").as_deref()));
    let pending = Resource::new(|| (), |()| get_pending_sign_in());
    view! {
        <Title text="Second factor"/>
        <OpenCard title="Second factor">
            <Transition>{move || pending.get().map(|answer| body(answer, next))}</Transition>
            <p class="muted">
                <a href=move || sign_in_address(&next.get())>"Begin again with your password"</a>
            </p>
        </OpenCard>
    }
    .into_any()
}

fn body(pending: Result<Option<Vec<String>>, AppError>, next: Memo<String>) -> AnyView {
    match pending {
        Err(error) => view! { <ErrorBanner error/> }.into_any(),
        Ok(None) => view! {
            <p data-testid="second-factor-over">"This sign-in took too long or has ended."</p>
        }
        .into_any(),
        Ok(Some(methods)) => {
            let has = |wanted: &str| methods.iter().any(|method| method == wanted);
            let app = has("totp");
            let passkey = has("passkey").then(|| {
                let next = Signal::derive(move || Some(next.get()));
                view! { <PasskeyButton label="Use a passkey" second_factor=true next/> }
            });
            view! { {passkey} <CodeForm app next/> }.into_any()
        }
    }
}

/// One field for either kind of code: its length tells which it is.
#[component]
fn CodeForm(app: bool, next: Memo<String>) -> impl IntoView {
    let refusal = Refusal::of(GiveSecondFactor::PATH);
    let (what, hint) = if app {
        (
            "Your password is right. Now enter the code that your authenticator app shows.",
            "Without the app, enter one of your recovery codes. Each works once.",
        )
    } else {
        (
            "Your password is right. Without your passkey, enter one of your recovery codes.",
            "Each works once.",
        )
    };
    let next = move || {
        let next = next.get();
        (next != HOME).then(|| view! { <input type="hidden" name="next" value=next/> })
    };
    view! {
        <p class="muted">{what}</p>
        <form
            class="stack"
            method="post"
            action=GiveSecondFactor::PATH
            data-testid="second-factor-form"
        >
            {next}
            <label class="field">
                <span>"Code"</span>
                <input
                    type="text"
                    name="code"
                    required
                    maxlength="40"
                    autocomplete="one-time-code"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=refusal.invalid("code")
                    aria-describedby=refusal.told_by("code")
                    data-testid="second-factor-code"
                />
                <span class="hint">{hint}</span>
            </label>
            <button type="submit" class="button primary" data-testid="second-factor-submit">"Sign in"</button>
        </form>
    }
}
