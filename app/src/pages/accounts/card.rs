//! The card on the pages for people who are not signed in, and the fields of a new account.

use crate::{
    response,
    ui::{brand::BrandMark, refusal::Refusal},
};
use leptos::prelude::*;

/// The vault's name, a heading, and what there is to do.
#[component]
pub(super) fn OpenCard(
    /// What this is.
    title: &'static str,
    /// What there is to do.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card stack open-card">
            <p class="brand"><BrandMark/> <span>"DocuVault"</span></p>
            <h1>{title}</h1>
            {children()}
        </section>
    }
}

/// Handle, address and password of a new account.
#[component]
pub(super) fn AccountFields(
    /// What the tests' hooks of the fields begin with.
    prefix: &'static str,
    /// What the form was refused for.
    refusal: Refusal,
    /// The address to begin with.
    #[prop(optional)]
    email: String,
) -> impl IntoView {
    let (handle, typed) = response::typed();
    let email = if typed.is_empty() { email } else { typed };
    view! {
        <label class="field">
            <span>"Handle"</span>
            <input
                type="text"
                name="handle"
                required
                minlength="2"
                maxlength="32"
                autocomplete="username"
                autocapitalize="none"
                spellcheck="false"
                value=handle
                aria-invalid=refusal.invalid("handle")
                aria-describedby=refusal.told_by("handle")
                data-testid=format!("{prefix}-handle")
            />
            <span class="hint">"A short name that others know you by: letters from a to z, digits, - and _."</span>
        </label>
        <label class="field">
            <span>"E-mail address"</span>
            <input
                type="email"
                name="email"
                required
                maxlength="254"
                autocomplete="email"
                value=email
                aria-invalid=refusal.invalid("email")
                aria-describedby=refusal.told_by("email")
                data-testid=format!("{prefix}-email")
            />
        </label>
        <label class="field">
            <span>"Password"</span>
            <input
                type="password"
                name="password"
                required
                minlength="12"
                autocomplete="new-password"
                aria-invalid=refusal.invalid("password")
                aria-describedby=refusal.told_by("password")
                data-testid=format!("{prefix}-password")
            />
            <span class="hint">"At least 12 characters. A few unusual words make a good one."</span>
        </label>
    }
}

/// Tells password managers whose password a form takes. It has no name, so it is not sent.
#[component]
pub(super) fn Username(
    /// The account's handle.
    handle: Signal<String>,
) -> impl IntoView {
    view! { <input type="text" hidden autocomplete="username" value=move || handle.get()/> }
}

/// The way to the page to sign in on.
#[component]
pub(super) fn ToSignIn() -> impl IntoView {
    view! { <p class="muted">"You have an account? " <a href="/login">"Sign in"</a></p> }
}
