//! The page on which the vault's first account is made.

use super::{
    card::{AccountFields, OpenCard, ToSignIn},
    login::WantsSetUp,
};
use crate::{
    AppError,
    server_fns::accounts::{SetUp, get_sign_in_options},
    ui::{banner::ErrorBanner, refusal::Refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::SignInOptions;

/// `/setup`; `?token=` is that of the link which the server printed.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let query = use_query_map();
    let token = Memo::new(move |_| query.read().get("token").filter(|token| !token.is_empty()));
    let options = Resource::new(|| (), |()| get_sign_in_options());
    view! {
        <Title text="Set up"/>
        <OpenCard title="Set up this vault">
            <Transition>
                {move || options.get().map(|options| body(&options, token.get()))}
            </Transition>
        </OpenCard>
    }
    .into_any()
}

fn body(options: &Result<SignInOptions, AppError>, token: Option<String>) -> AnyView {
    match (options, token) {
        (Err(error), _) => view! { <ErrorBanner error=error.clone()/> }.into_any(),
        (Ok(options), _) if !options.wants_set_up => view! {
            <p>"This vault is set up already."</p>
            <ToSignIn/>
        }
        .into_any(),
        (Ok(_), None) => view! { <WantsSetUp/> }.into_any(),
        (Ok(_), Some(token)) => view! { <SetUpForm token/> }.into_any(),
    }
}

#[component]
fn SetUpForm(token: String) -> impl IntoView {
    view! {
        <p class="muted">"Make the first account. It looks after the vault: it invites others and sees to their room."</p>
        <form class="stack" method="post" action=SetUp::PATH data-testid="setup-form">
            <input type="hidden" name="token" value=token/>
            <AccountFields prefix="setup" refusal=Refusal::of(SetUp::PATH)/>
            <button type="submit" class="button primary" data-testid="setup-submit">"Make the first account"</button>
        </form>
    }
}
