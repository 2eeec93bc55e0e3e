//! The page to sign in on.

use super::{card::OpenCard, passkey_button::PasskeyButton};
use crate::{
    AppError, response,
    server_fns::accounts::{LogIn, get_sign_in_options},
    sign_in::{HOME, after_sign_in},
    ui::{
        banner::ErrorBanner,
        icon::{Icon, Picture},
        refusal::Refusal,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::SignInOptions;

/// `/login`; `?next=` says where to go afterwards.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let query = use_query_map();
    let next = Memo::new(move |_| {
        let wish = query.read().get("next");
        Some(after_sign_in(wish.as_deref())).filter(|next| next != HOME)
    });
    let chosen = move || query.read().get("done").as_deref() == Some("password");
    let options = Resource::new(|| (), |()| get_sign_in_options());
    view! {
        <Title text="Sign in"/>
        <OpenCard title="Sign in">
            <Show when=chosen>
                <p class="banner good" role="status" data-testid="password-chosen">
                    "The password is changed. Sign in with the new one."
                </p>
            </Show>
            <Transition>{move || options.get().map(first)}</Transition>
            <LoginForm next/>
            <Transition>
                {move || {
                    let possible = options.get().and_then(Result::ok).filter(|options| options.passkeys);
                    possible.map(|_| view! { <PasskeyButton label="Sign in with a passkey" second_factor=false next/> })
                }}
            </Transition>
            <Transition>{move || options.get().and_then(Result::ok).map(|options| elsewhere(&options))}</Transition>
        </OpenCard>
    }
    .into_any()
}

#[component]
fn LoginForm(next: Memo<Option<String>>) -> impl IntoView {
    let refusal = Refusal::of(LogIn::PATH);
    // Who mistyped a password need not type the name again.
    let login = refusal.is_some().then(|| response::typed().0);
    view! {
        <form class="stack" method="post" action=LogIn::PATH data-testid="login-form">
            {move || next.get().map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <label class="field">
                <span>"Handle or e-mail address"</span>
                <input
                    type="text"
                    name="login"
                    value=login
                    required
                    maxlength="254"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=refusal.invalid("login")
                    aria-describedby=refusal.told_by("login")
                    data-testid="login-name"
                />
            </label>
            <label class="field">
                <span>"Password"</span>
                <input
                    type="password"
                    name="password"
                    required
                    autocomplete="current-password"
                    aria-invalid=refusal.invalid("password")
                    aria-describedby=refusal.told_by("password")
                    data-testid="login-password"
                />
            </label>
            <button type="submit" class="button primary" data-testid="login-submit">"Sign in"</button>
        </form>
    }
}

/// What has to be known before anything is typed.
fn first(options: Result<SignInOptions, AppError>) -> AnyView {
    match options {
        Err(error) => view! { <ErrorBanner error/> }.into_any(),
        Ok(options) if options.wants_set_up => view! { <WantsSetUp/> }.into_any(),
        Ok(_) => ().into_any(),
    }
}

/// Where the link to the vault's first account is.
#[component]
pub(super) fn WantsSetUp() -> impl IntoView {
    view! {
        <div class="banner plain" data-testid="wants-set-up">
            <Icon picture=Picture::Attention/>
            <div>
                <p>"This vault has no account yet."</p>
                <p>
                    "Its server printed a link to make the first one when it started. Open that link; if it is lost, "
                    <code>"server setup-link"</code> " prints another."
                </p>
            </div>
        </div>
    }
}

/// Ways on for those who can't sign in.
fn elsewhere(options: &SignInOptions) -> AnyView {
    (forgotten(options), newcomers(options)).into_any()
}

fn forgotten(options: &SignInOptions) -> AnyView {
    if options.wants_set_up {
        return ().into_any();
    }
    if options.mail {
        return view! { <p class="muted"><a href="/forgot-password">"Forgot the password?"</a></p> }
            .into_any();
    }
    view! { <p class="muted">"Forgot the password? Ask the vault's admin for a link."</p> }
        .into_any()
}

fn newcomers(options: &SignInOptions) -> AnyView {
    match options.registration.as_str() {
        _ if options.wants_set_up => ().into_any(),
        "open" => {
            view! { <p class="muted">"New here? " <a href="/register">"Make an account"</a></p> }
                .into_any()
        }
        "invite" => {
            view! { <p class="muted">"New here? Ask the vault's admin for an invitation."</p> }
                .into_any()
        }
        _ => ().into_any(),
    }
}
