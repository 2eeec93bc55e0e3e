//! The way around: a rail at the left, a bar at the bottom of a phone.

use crate::{
    server_fns::accounts::LogOut,
    ui::{
        brand::BrandMark,
        icon::{Icon, Picture},
        quota::QuotaMeter,
        theme::ThemeSwitch,
    },
    who::Who,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::components::A;

/// Where everything is, for somebody who is signed in.
#[component]
pub(crate) fn Rail(
    /// Whose vault this is.
    who: Who,
) -> impl IntoView {
    view! {
        <header class="rail">
            <a class="brand" href="/documents"><BrandMark/> <span>"DocuVault"</span></a>
            <Transition>
                <Show when=move || who.is_somebody()>
                    <nav class="rail-nav" aria-label="Main">
                        <A href="/documents"><Icon picture=Picture::Documents/> <span>"Documents"</span></A>
                        <A href="/topics"><Icon picture=Picture::Topics/> <span>"Topics"</span></A>
                        <A href="/settings"><Icon picture=Picture::Settings/> <span>"Settings"</span></A>
                        {move || if is_admin(who) { for_admins() } else { for_others() }}
                        <A href="/account" {..} class="rail-person">
                            <Icon picture=Picture::Person/> <span data-testid="account-handle">{move || handle(who)}</span>
                        </A>
                    </nav>
                    <div class="rail-foot">
                        <button type="button" class="button quiet small js-only" data-palette>
                            <Icon picture=Picture::Command/> "Commands"
                        </button>
                        {move || {
                            who.account()
                                .map(|account| {
                                    view! {
                                        <QuotaMeter used=account.used_bytes limit=account.limit_bytes testid="quota-meter"/>
                                    }
                                })
                        }}
                        <SignOut testid="sign-out"/>
                    </div>
                </Show>
            </Transition>
            <ThemeSwitch/>
        </header>
    }
    .into_any()
}

fn for_others() -> AnyView {
    view! { <A href="/activity"><Icon picture=Picture::Activity/> <span>"Activity"</span></A> }
        .into_any()
}

/// A phone's bar has no room for all of them; the page about users leads to the others.
fn for_admins() -> AnyView {
    view! {
        <A href="/activity" {..} class="rail-wide"><Icon picture=Picture::Activity/> <span>"Activity"</span></A>
        <A href="/admin/users"><Icon picture=Picture::People/> <span>"Users"</span></A>
        <A href="/admin/pipeline" {..} class="rail-wide">
            <Icon picture=Picture::Pipeline/> <span>"Pipeline"</span>
        </A>
    }
    .into_any()
}

fn is_admin(who: Who) -> bool {
    who.account().is_some_and(|account| account.role == "admin")
}

fn handle(who: Who) -> String {
    who.account()
        .map_or_else(|| "Account".to_owned(), |account| account.handle)
}

/// Ends the session. A plain form: the browser leaves the page, and with it everything the page held.
#[component]
pub(crate) fn SignOut(
    /// The hook that tests find the button by.
    testid: &'static str,
) -> impl IntoView {
    view! {
        <form method="post" action=LogOut::PATH>
            <button type="submit" class="button quiet small" data-testid=testid>
                <Icon picture=Picture::SignOut/> "Sign out"
            </button>
        </form>
    }
}
