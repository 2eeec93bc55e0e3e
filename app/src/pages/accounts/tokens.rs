//! Tokens for programs that act in one's name.

use crate::{
    AppError,
    server_fns::tokens::{CreateToken, DeleteToken, list_tokens, take_created_token},
    ui::{
        confirm::Confirm,
        icon::{Icon, Picture},
        once::ShownOnce,
        panel::ErrorPanel,
        when::When,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use wire::{ApiToken, ApiTokenList};

/// What the page knows of tokens. Made once for the page.
#[derive(Clone, Copy)]
pub(super) struct TokensOf {
    list: Resource<Result<ApiTokenList, AppError>>,
    handed_over: Resource<Result<Option<String>, AppError>>,
}

impl TokensOf {
    /// Of whoever is signed in.
    pub(super) fn new() -> Self {
        Self {
            list: Resource::new(|| (), |()| list_tokens()),
            handed_over: Resource::new(|| (), |()| take_created_token()),
        }
    }

    /// The token that was made last, if that has just happened.
    fn made(self) -> Option<String> {
        self.handed_over.get().and_then(Result::ok).flatten()
    }
}

/// The list, and the form that makes one.
#[component]
pub(super) fn Tokens(
    /// Whose.
    of: TokensOf,
) -> impl IntoView {
    let rows = move || {
        let list = of.list.get().and_then(Result::ok)?;
        let rows: Vec<AnyView> = list.tokens.into_iter().map(row).collect();
        let some = !rows.is_empty();
        some.then(|| view! { <ul class="entries" aria-label="API tokens">{rows}</ul> })
    };
    view! {
        <section class="card stack account-card" id="tokens">
            <h2>"API tokens"</h2>
            <p class="muted">
                "For programs that act in your name. A token works like a password: give each program its own, and no wider than it needs."
            </p>
            <Transition>
                {move || of.made().map(|token| view! { <Made token/> })}
                {move || of.list.get().and_then(Result::err).map(|error| view! { <ErrorPanel error/> })}
                {rows}
            </Transition>
            <NewToken/>
        </section>
    }
    .into_any()
}

/// A token that was just made: this once.
#[component]
fn Made(token: String) -> impl IntoView {
    view! {
        <ShownOnce
            text=token
            label="The new token"
            words="Copy the token now. It is not kept, and this is the only time that it is shown."
            testid="token-text"
        />
    }
}

#[component]
fn NewToken() -> impl IntoView {
    view! {
        <form class="stack token-form" method="post" action=CreateToken::PATH data-testid="token-form">
            <label class="field">
                <span>"Name"</span>
                <input type="text" name="name" required maxlength="80" autocomplete="off" data-testid="token-name"/>
                <span class="hint">"What it is for: the scanner, the backup."</span>
            </label>
            <div class="token-choices">
                <label class="field">
                    <span>"It may"</span>
                    <select name="scope" data-testid="token-scope">
                        <option value="read">{scope_words("read")}</option>
                        <option value="write">{scope_words("write")}</option>
                        <option value="admin">{scope_words("admin")}</option>
                    </select>
                </label>
                <label class="field">
                    <span>"Good for"</span>
                    <select name="expires_in_days" data-testid="token-expires">
                        <option value="30">"30 days"</option>
                        <option value="90" selected>"90 days"</option>
                        <option value="365">"A year"</option>
                        <option value="">"As long as it is here"</option>
                    </select>
                </label>
            </div>
            <div>
                <button type="submit" class="button" data-testid="token-submit">
                    <Icon picture=Picture::Add/> "Make a token"
                </button>
            </div>
        </form>
    }
}

fn row(token: ApiToken) -> AnyView {
    let id = token.id.to_string();
    let used = match token.last_used_at {
        Some(at) => view! { "last used " <When at/> }.into_any(),
        None => "never used".into_any(),
    };
    let ends = token
        .expires_at
        .map(|at| view! { ", good until " <When at/> });
    view! {
        <li class="entry" data-testid="token-row" data-name=token.name.clone()>
            <div class="entry-main">
                <p class="entry-name">{token.name.clone()}</p>
                <p class="muted"><code>{token.hint} "…"</code> " may " {lower_first(scope_words(&token.scope))}</p>
                <p class="muted">{used} {ends}</p>
            </div>
            <Confirm
                id=format!("delete-{id}")
                button="Delete"
                label=format!("Delete the token {}", token.name)
                testid="token-delete"
                question=format!("Delete the token “{}”?", token.name)
                consequence="The program that uses it can do nothing any more, from now on."
            >
                <form method="post" action=DeleteToken::PATH>
                    <input type="hidden" name="id" value=id/>
                    <button type="submit" class="button danger" data-testid="confirm-token-delete">"Delete token"</button>
                </form>
            </Confirm>
        </li>
    }
    .into_any()
}

/// What a scope allows, in words.
fn scope_words(scope: &str) -> &'static str {
    match scope {
        "read" => "Look at everything",
        "write" => "Look, and change documents, topics and settings",
        "admin" => "Do everything that you may, this account too",
        _ => "Do something that this page has no word for",
    }
}

fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    chars
        .next()
        .map(|first| first.to_ascii_lowercase())
        .into_iter()
        .chain(chars)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_has_its_words() {
        let other = scope_words("");
        for scope in [
            domain::Scope::Read,
            domain::Scope::Write,
            domain::Scope::Admin,
        ] {
            assert_ne!(scope_words(scope.as_str()), other, "{scope:?}");
        }
        assert_eq!(lower_first("Look at"), "look at");
        assert_eq!(lower_first(""), "");
    }
}
