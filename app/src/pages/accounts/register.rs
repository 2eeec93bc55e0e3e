//! The page on which people make an account.

use super::{
    card::{AccountFields, OpenCard, ToSignIn},
    login::WantsSetUp,
};
use crate::{
    AppError,
    server_fns::accounts::{Register, get_sign_in_options},
    ui::{banner::ErrorBanner, refusal::Refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::SignInOptions;

/// `/register`; `?token=` is that of an invitation.
#[component]
pub(crate) fn RegisterPage() -> impl IntoView {
    let query = use_query_map();
    let invitation =
        Memo::new(move |_| query.read().get("token").filter(|token| !token.is_empty()));
    let options = Resource::new(|| (), |()| get_sign_in_options());
    view! {
        <Title text="Make an account"/>
        <OpenCard title="Make an account">
            <Transition>
                {move || options.get().map(|options| body(&options, invitation.get()))}
            </Transition>
            <ToSignIn/>
        </OpenCard>
    }
    .into_any()
}

fn body(options: &Result<SignInOptions, AppError>, invitation: Option<String>) -> AnyView {
    let options = match options {
        Ok(options) => options,
        Err(error) => return view! { <ErrorBanner error=error.clone()/> }.into_any(),
    };
    if options.wants_set_up {
        return view! { <WantsSetUp/> }.into_any();
    }
    match (options.registration.as_str(), invitation) {
        ("open", invitation) | ("invite", invitation @ Some(_)) => {
            view! { <RegisterForm invitation/> }.into_any()
        }
        ("invite", None) => view! {
            <p>"This vault takes in whoever was invited. Ask its admin for an invitation, and open the link in it."</p>
        }
        .into_any(),
        _ => view! { <p>"This vault takes in nobody at the moment. Ask its admin."</p> }.into_any(),
    }
}

#[component]
fn RegisterForm(invitation: Option<String>) -> impl IntoView {
    // The link of an invitation that holds for one address names it.
    let email = use_query_map()
        .read_untracked()
        .get("email")
        .unwrap_or_default();
    view! {
        <form class="stack" method="post" action=Register::PATH data-testid="register-form">
            {invitation.map(|token| view! { <input type="hidden" name="invitation" value=token/> })}
            <AccountFields prefix="register" refusal=Refusal::of(Register::PATH) email/>
            <button type="submit" class="button primary" data-testid="register-submit">"Make the account"</button>
        </form>
    }
}
