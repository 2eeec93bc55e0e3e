//! `/admin/activity`: what everybody did, for admins, without the names of documents.

use super::{
    entry::{Entries, NoEntries},
    filter::{Kinds, Wanted},
};
use crate::{
    AppError,
    server_fns::activity::everybodys_activity,
    ui::{
        banner::ErrorBanner,
        crumbs::Crumbs,
        panel::{ErrorPanel, Skeleton},
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::Activity;

const PAGE: &str = "/admin/activity";

/// `/admin/activity`
#[component]
pub(crate) fn EverybodysActivityPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| Wanted::from_query(&query.read()));
    let activity = Resource::new(
        move || wanted.get(),
        |wanted| everybodys_activity(wanted.person, wanted.kind, wanted.cursor),
    );
    view! {
        <Title text="Everybody's activity"/>
        <Crumbs name="Users" href="/admin/users"/>
        <Transition fallback=|| view! { <Skeleton rows=6/> }>
            {move || Some(body(activity.get()?, wanted.get()))}
        </Transition>
    }
    .into_any()
}

fn body(result: Result<Activity, AppError>, wanted: Wanted) -> AnyView {
    let shown = match result {
        // A handle that nobody has is no reason to take the form away.
        Err(error) if error.status == 422 => view! { <ErrorBanner error/> }.into_any(),
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(activity) if activity.entries.is_empty() => nothing(&wanted),
        Ok(activity) => {
            view! { <Entries page=PAGE wanted=wanted.clone() activity own=false/> }.into_any()
        }
    };
    view! {
        <header class="page-head">
            <h1>"Everybody's activity"</h1>
            <a class="button" href="/activity">"Your own"</a>
        </header>
        <PersonForm wanted=wanted.clone()/>
        <Kinds page=PAGE wanted/>
        {shown}
    }
    .into_any()
}

fn nothing(wanted: &Wanted) -> AnyView {
    let words = match wanted.narrows() {
        true => "Nothing like that is in the log.",
        false => "Nothing is older than that.",
    };
    view! { <NoEntries page=PAGE words/> }.into_any()
}

/// Whose entries to show: a plain GET.
#[component]
fn PersonForm(
    /// What is shown now.
    wanted: Wanted,
) -> impl IntoView {
    let clear = wanted.person.is_some().then(|| {
        view! { <a class="button quiet" data-testid="clear-person" href=PAGE>"Clear"</a> }
    });
    let kind = wanted
        .kind
        .map(|kind| view! { <input type="hidden" name="kind" value=kind/> });
    view! {
        <form method="get" action=PAGE class="search" role="search" aria-label="Person">
            <input
                type="text"
                name="person"
                value=wanted.person
                maxlength="64"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label="Handle"
                placeholder="Handle"
                data-testid="person"
            />
            {kind}
            <button type="submit" class="button" data-testid="person-submit">"Show"</button>
            {clear}
        </form>
    }
    .into_any()
}
