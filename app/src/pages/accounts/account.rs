//! One's own account: who one is, how one signs in, where one is signed in, tokens, and its end.

use super::{
    card::Username,
    email::EmailForm,
    passkeys::PasskeysCard,
    password::PasswordForm,
    second_factor::SecondFactorCard,
    sessions::Sessions,
    tokens::{Tokens, TokensOf},
};
use crate::{
    AppError,
    server_fns::{
        accounts::{DeleteAccount, list_sessions},
        passkeys::list_passkeys,
        second_factor::get_second_factor,
    },
    ui::{
        confirm::Confirm,
        icon::{Icon, Picture},
        panel::ErrorPanel,
        quota::QuotaMeter,
        rail::SignOut,
        when::When,
    },
    who::Who,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use wire::Account;

/// `/account`
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let who = use_context::<Who>();
    let sessions = Resource::new(|| (), |()| list_sessions());
    let second_factor = Resource::new(|| (), |()| get_second_factor());
    let passkeys = Resource::new(|| (), |()| list_passkeys());
    let tokens = TokensOf::new();
    let account = move || who.and_then(Who::account);
    let handle =
        Signal::derive(move || account().map(|account| account.handle).unwrap_or_default());
    view! {
        <Title text="Account"/>
        <header class="page-head"><h1>"Account"</h1></header>
        <Transition>
            {move || who.and_then(Who::answer).and_then(not_shown)}
            {move || account().map(|account| view! { <About account/> })}
            <Show when=move || account().is_some()>
                <PasswordForm handle/>
                <EmailForm handle/>
                <PasskeysCard passkeys handle/>
                <SecondFactorCard state=second_factor handle/>
                <Sessions sessions/>
                <Tokens of=tokens/>
                <End handle/>
            </Show>
        </Transition>
    }
    .into_any()
}

fn not_shown(answer: Option<Result<Account, AppError>>) -> Option<AnyView> {
    let error = match answer {
        None => AppError::from(domain::Error::unauthenticated()),
        Some(Err(error)) => error,
        Some(Ok(_)) => return None,
    };
    Some(view! { <ErrorPanel error/> }.into_any())
}

#[component]
fn About(account: Account) -> impl IntoView {
    let role = match account.role.as_str() {
        "admin" => "Admin of this vault",
        _ => "Member",
    };
    view! {
        <section class="card stack account-card" data-testid="account">
            <h2>{account.handle}</h2>
            <dl class="facts">
                <dt>"E-mail address"</dt>
                <dd>{account.email}</dd>
                <dt>"Role"</dt>
                <dd>{role}</dd>
                <dt>"Since"</dt>
                <dd><When at=account.created_at/></dd>
                <dt>"Room"</dt>
                <dd><QuotaMeter used=account.used_bytes limit=account.limit_bytes testid="account-quota"/></dd>
            </dl>
            <div class="phone-only actions">
                <a class="button quiet small" href="/activity" data-testid="account-activity">
                    <Icon picture=Picture::Activity/> "Activity"
                </a>
                <SignOut testid="account-sign-out"/>
            </div>
        </section>
    }
}

/// The way out for good.
#[component]
fn End(handle: Signal<String>) -> impl IntoView {
    view! {
        <section class="card stack account-card">
            <h2>"Delete this account"</h2>
            <p class="muted">
                "Your documents, topics and settings are removed with it, for good. Download first what you want to keep."
            </p>
            <div>
                <Confirm
                    id="delete-account".to_owned()
                    button="Delete account"
                    label="Delete this account".to_owned()
                    testid="delete-account"
                    question="Delete your account?".to_owned()
                    consequence="Your documents, topics and settings are removed for good. Nobody can bring them back."
                >
                    <form class="stack wide" method="post" action=DeleteAccount::PATH>
                        <Username handle/>
                        <label class="field">
                            <span>"Your password"</span>
                            <input
                                type="password"
                                name="password"
                                required
                                autocomplete="current-password"
                                data-testid="delete-account-password"
                            />
                        </label>
                        <button type="submit" class="button danger" data-testid="confirm-delete-account">
                            "Delete for good"
                        </button>
                    </form>
                </Confirm>
            </div>
        </section>
    }
}
