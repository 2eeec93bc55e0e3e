//! `/pipeline`: what waits, runs and failed of one's own documents.

use super::{
    counts::counts,
    done_words,
    jobs::{failures, open_jobs},
};
use crate::{
    AppError,
    server_fns::pipeline::{RetryOwnFailures, own_pipeline},
    ui::{
        crumbs::Crumbs,
        panel::{EmptyState, ErrorPanel, Skeleton},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::Pipeline;

/// `/pipeline`
#[component]
pub(crate) fn PipelinePage() -> impl IntoView {
    let query = use_query_map();
    let pipeline = Resource::new(|| (), |()| own_pipeline());
    let done = move || done_words(query.read().get("done").as_deref());
    view! {
        <Title text="What is being read"/>
        <Crumbs name="Activity" href="/activity"/>
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
    let figures = counts(&pipeline);
    let nothing = pipeline.jobs.is_empty() && pipeline.failures.is_empty();
    let failed = (!pipeline.failures.is_empty()).then(|| {
        view! {
            <section class="stack">
                <header class="page-head">
                    <h2>"Need attention"</h2>
                    <form method="post" action=RetryOwnFailures::PATH>
                        <button type="submit" class="button" data-testid="try-all">"Try all again"</button>
                    </form>
                </header>
                {failures(pipeline.failures)}
            </section>
        }
    });
    let open = (!pipeline.jobs.is_empty()).then(|| {
        view! { <section class="stack"><h2>"Running and waiting"</h2> {open_jobs(pipeline.jobs)}</section> }
    });
    view! {
        <div class="stack" data-live="">
            <header class="page-head"><h1>"What is being read"</h1></header>
            {figures}
            {nothing.then(idle)}
            {failed}
            {open}
        </div>
    }
    .into_any()
}

fn idle() -> AnyView {
    view! {
        <EmptyState title="Everything is read and filed">
            <p>"What you upload shows here until it is. Files that can't be read stay here with the reason."</p>
            <p><a class="button" href="/documents">"Back to the documents"</a></p>
        </EmptyState>
    }
    .into_any()
}
