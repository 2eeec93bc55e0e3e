//! `/admin/pipeline`: the work of the whole vault, for admins, without names of documents.

use super::{
    counts::counts,
    done_words,
    jobs::{failures, open_jobs},
    plot::plot,
};
use crate::{
    AppError,
    server_fns::pipeline::{RetryAllFailures, whole_pipeline},
    ui::{
        crumbs::Crumbs,
        panel::{ErrorPanel, Skeleton},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::Pipeline;

/// `/admin/pipeline`
#[component]
pub(crate) fn WholePipelinePage() -> impl IntoView {
    let query = use_query_map();
    let pipeline = Resource::new(|| (), |()| whole_pipeline());
    let done = move || done_words(query.read().get("done").as_deref());
    view! {
        <Title text="Pipeline"/>
        <Crumbs name="Users" href="/admin/users"/>
        <p class="saved good-text" role="status" data-told data-testid="pipeline-done">{done}</p>
        <Transition fallback=|| view! { <Skeleton rows=4/> }>
            {move || Some(body(pipeline.get()?))}
        </Transition>
    }
    .into_any()
}

fn body(result: Result<Pipeline, AppError>) -> AnyView {
    let pipeline = match result {
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(pipeline) => pipeline,
    };
    let (figures, bars) = (counts(&pipeline), plot(&pipeline.hours));
    let more = pipeline.failed - pipeline.failures.len() as i64;
    let failed = match pipeline.failures.is_empty() {
        true => view! { <p class="good-text" data-testid="nothing-failed">"Nothing needs attention."</p> }.into_any(),
        false => failures(pipeline.failures),
    };
    let again = (pipeline.failed > 0).then(|| {
        view! {
            <form method="post" action=RetryAllFailures::PATH>
                <button type="submit" class="button" data-testid="try-all">"Try all again"</button>
            </form>
        }
    });
    let more =
        (more > 0).then(|| view! { <p class="muted">{format!("And {more} older ones.")}</p> });
    let open = match pipeline.jobs.is_empty() {
        true => {
            view! { <p class="muted" data-testid="idle">"Nothing runs or waits."</p> }.into_any()
        }
        false => open_jobs(pipeline.jobs),
    };
    view! {
        <div class="stack" data-live="" data-poll="">
            <header class="page-head"><h1>"Pipeline"</h1></header>
            {figures}
            {bars}
            <section class="stack">
                <header class="page-head"><h2>"Need attention"</h2> {again}</header>
                {failed}
                {more}
            </section>
            <section class="stack"><h2>"Running and waiting"</h2> {open}</section>
        </div>
    }
    .into_any()
}
