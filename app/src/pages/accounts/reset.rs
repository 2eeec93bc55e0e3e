//! The pages for a forgotten password: asking for a link, and choosing another by it.
//!
//! Their forms are plain ones: nothing on these pages is worth keeping when they are sent.

use super::card::OpenCard;
use crate::{
    AppError,
    server_fns::{
        accounts::get_sign_in_options,
        mail::{RequestPasswordReset, ResetPassword},
    },
    ui::{banner::ErrorBanner, refusal::Refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::SignInOptions;

/// `/forgot-password`
#[component]
pub(crate) fn ForgotPasswordPage() -> impl IntoView {
    let query = use_query_map();
    let sent = move || query.read().get("done").is_some();
    let options = Resource::new(|| (), |()| get_sign_in_options());
    view! {
        <Title text="Forgotten password"/>
        <OpenCard title="Forgotten password">
            <Transition>{move || options.get().map(|options| ask(options, sent()))}</Transition>
            <p class="muted"><a href="/login">"Back to signing in"</a></p>
        </OpenCard>
    }
    .into_any()
}

fn ask(options: Result<SignInOptions, AppError>, sent: bool) -> AnyView {
    match options {
        Err(error) => view! { <ErrorBanner error/> }.into_any(),
        Ok(options) if !options.mail => view! {
            <p data-testid="ask-the-admin">
                "This vault sends no mail. Ask its admin for a link to choose a new password."
            </p>
        }
        .into_any(),
        Ok(_) if sent => view! {
            <p role="status" data-testid="reset-sent">
                "If there is such an account, a link is on its way to its address. It works for 30 minutes."
            </p>
            <p class="muted">
                "Nothing came? Look among the unwanted mail, or " <a href="/forgot-password">"ask again"</a> "."
            </p>
        }
        .into_any(),
        Ok(_) => view! {
            <p class="muted">"A link by which you choose another goes to the address of your account."</p>
            <form class="stack" method="post" action=RequestPasswordReset::PATH>
                <label class="field">
                    <span>"Handle or e-mail address"</span>
                    <input
                        type="text"
                        name="login"
                        required
                        maxlength="254"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        data-testid="forgot-name"
                    />
                </label>
                <button type="submit" class="button primary" data-testid="forgot-submit">"Send a link"</button>
            </form>
        }
        .into_any(),
    }
}

/// `/reset-password`; `?token=` is that of the link.
#[component]
pub(crate) fn ResetPasswordPage() -> impl IntoView {
    let query = use_query_map();
    let token = move || query.read().get("token").filter(|token| !token.is_empty());
    view! {
        <Title text="Choose a new password"/>
        <OpenCard title="Choose a new password">
            {move || match token() {
                Some(token) => view! { <ResetForm token/> }.into_any(),
                None => view! { <p>"This page needs the link from the mail, whole."</p> }.into_any(),
            }}
            <p class="muted">"The link does not work? " <a href="/forgot-password">"Ask for another"</a></p>
        </OpenCard>
    }
    .into_any()
}

#[component]
fn ResetForm(token: String) -> impl IntoView {
    let refusal = Refusal::of(ResetPassword::PATH);
    view! {
        <form class="stack" method="post" action=ResetPassword::PATH>
            <input type="hidden" name="token" value=token/>
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
                    data-testid="reset-password"
                />
                <span class="hint">
                    "At least 12 characters. A few unusual words make a good one. Every sign-in ends."
                </span>
            </label>
            <button type="submit" class="button primary" data-testid="reset-submit">"Set the password"</button>
        </form>
    }
}
