//! `/activity`: what one did, and what was done to one's account.

use super::{
    entry::{Entries, NoEntries},
    filter::{Kinds, Wanted},
};
use crate::{
    AppError,
    server_fns::activity::own_activity,
    ui::panel::{ErrorPanel, Skeleton},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::Activity;

const PAGE: &str = "/activity";

/// `/activity`
#[component]
pub(crate) fn ActivityPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| Wanted::from_query(&query.read()));
    let activity = Resource::new(
        move || wanted.get(),
        |wanted| own_activity(wanted.kind, wanted.cursor),
    );
    view! {
        <Title text="Activity"/>
        <Transition fallback=|| view! { <Skeleton rows=6/> }>
            {move || Some(body(activity.get()?, wanted.get()))}
        </Transition>
    }
    .into_any()
}

fn body(result: Result<Activity, AppError>, wanted: Wanted) -> AnyView {
    let activity = match result {
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(activity) => activity,
    };
    let shown = match activity.entries.is_empty() {
        true => nothing(&wanted),
        false => view! { <Entries page=PAGE wanted=wanted.clone() activity own=true/> }.into_any(),
    };
    view! {
        <header class="page-head">
            <h1>"Activity"</h1>
            <a class="button" href="/pipeline" data-testid="to-pipeline">"What is being read"</a>
        </header>
        <p class="muted">"What you did, and what was done to your account. Nobody can change this log unnoticed."</p>
        <Kinds page=PAGE wanted/>
        {shown}
    }
    .into_any()
}

fn nothing(wanted: &Wanted) -> AnyView {
    let words = match wanted.cursor.is_some() {
        true => "Nothing is older than that.",
        false => "Nothing of this kind has happened yet. Choose another kind, or all.",
    };
    view! { <NoEntries page=PAGE words/> }.into_any()
}
