//! One account, as an admin sees it.

use super::{
    acts::{DeleteForm, SignInActs},
    badge::{AccountBadge, role_word, second_factor_words, token_words},
    forms::{AccountForm, FilingForm},
};
use crate::{
    AppError, response,
    server_fns::admin::{get_user, take_link},
    ui::{
        crumbs::Crumbs,
        once::ShownOnce,
        panel::{ErrorPanel, Skeleton},
        quota::QuotaMeter,
        when::When,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;
use wire::ManagedUser;

/// `/admin/users/{id}`
#[component]
pub(crate) fn UserPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| {
        params
            .read()
            .get("id")
            .and_then(|id| id.parse::<Uuid>().ok())
    });
    let user = Resource::new(move || id.get(), find);
    let link = Resource::new(|| (), |()| take_link());
    let done = move || {
        let query = query.read();
        // What went wrong came after it.
        let failed = query.get("__err").is_some();
        done_words(query.get("done").filter(|_| !failed).as_deref())
    };
    view! {
        <Crumbs name="Users" href="/admin/users"/>
        <p class="saved good-text" role="status" data-testid="user-done">{done}</p>
        <Transition fallback=|| view! { <Skeleton rows=4/> }>
            {move || {
                let link = link.get()?.ok().flatten();
                Some(match user.get()? {
                    Ok(user) => view! { <Detail user link/> }.into_any(),
                    Err(error) => view! { <Title text="Not shown"/> <ErrorPanel error/> }.into_any(),
                })
            }}
        </Transition>
    }
    .into_any()
}

async fn find(id: Option<Uuid>) -> Result<ManagedUser, AppError> {
    match id {
        Some(id) => get_user(id).await,
        None => {
            response::set_status(404);
            Err(AppError::not_found())
        }
    }
}

fn done_words(done: Option<&str>) -> Option<&'static str> {
    Some(match done? {
        "created" => "The account is made.",
        "saved" => "The account is saved.",
        "signed-out" => "The account is signed out everywhere.",
        "second-factor" => "The password alone is enough to sign in now.",
        _ => return None,
    })
}

#[component]
fn Detail(user: ManagedUser, link: Option<String>) -> impl IntoView {
    let title = user.handle.clone();
    view! {
        <Title text=title.clone()/>
        <header class="page-head"><h1 data-testid="user-handle">{title}</h1></header>
        {link.map(shown_link)}
        <About user=user.clone()/>
        <AccountForm user=user.clone()/>
        <FilingForm user=user.clone()/>
        <SignInActs user=user.clone()/>
        <DeleteForm user/>
    }
    .into_any()
}

fn shown_link(text: String) -> AnyView {
    view! {
        <ShownOnce
            text
            label="The link"
            words="Send this link to the account's owner, who chooses a password with it. It works once, and this is the only time that it is shown."
            testid="link-text"
        />
    }
    .into_any()
}

#[component]
fn About(user: ManagedUser) -> impl IntoView {
    let second_factor = second_factor_words(&user);
    let seen = match user.last_seen_at {
        Some(at) => view! { <When at/> }.into_any(),
        None => view! { "Not lately" }.into_any(),
    };
    view! {
        <section class="card stack account-card" aria-label="About this account">
            <dl class="facts">
                <dt>"E-mail address"</dt>
                <dd>{user.email}</dd>
                <dt>"Role"</dt>
                <dd>{role_word(&user.role)}</dd>
                <dt>"Status"</dt>
                <dd><AccountBadge is_active=user.is_active has_password=user.has_password/></dd>
                <dt>"Since"</dt>
                <dd><When at=user.created_at/></dd>
                <dt>"Last seen"</dt>
                <dd>{seen}</dd>
                <dt>"Second factor"</dt>
                <dd data-testid="user-second-factor">{second_factor}</dd>
                <dt>"Room"</dt>
                <dd><QuotaMeter used=user.used_bytes limit=user.limit_bytes testid="user-quota"/></dd>
                <dt>"Tokens this month"</dt>
                <dd class="tabular">{token_words(user.ai_used_tokens, user.ai_monthly_tokens)}</dd>
            </dl>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_done_is_said() {
        for done in ["created", "saved", "signed-out", "second-factor"] {
            assert!(done_words(Some(done)).is_some(), "{done}");
        }
        assert_eq!(done_words(Some("<b>")), None);
        assert_eq!(done_words(None), None);
    }
}
