//! Jobs as rows: what is done to which document, how often it was tried, what went wrong.

use crate::{
    server_fns::documents::{ClassifyDocument, RetryDocument},
    server_fns::pipeline::RetryFailure,
    ui::when::When,
};
use leptos::{prelude::*, server_fn::ServerFn};
use wire::PipelineJob;

/// What runs and waits.
pub(super) fn open_jobs(jobs: Vec<PipelineJob>) -> AnyView {
    let rows: Vec<AnyView> = jobs.into_iter().map(open_job).collect();
    view! { <ul class="entries card" data-testid="jobs" aria-label="Running and waiting">{rows}</ul> }
        .into_any()
}

fn open_job(job: PipelineJob) -> AnyView {
    let (state, words) = (job.state.clone(), state_words(&job));
    let tries = tries(&job);
    let error = job
        .last_error
        .clone()
        .map(|error| view! { <p class="hint">"The last time: " {error}</p> });
    let due = job
        .due_at
        .filter(|_| job.state == "queued" && job.attempts > 0);
    let due = due.map(|at| view! { ", again " <When at/> });
    let since = job.since;
    let key = job.document_id.to_string();
    view! {
        <li class="entry" data-key=key data-testid="job" data-state=state>
            <div class="entry-main">
                <p class="entry-name">{of(&job)} " " <span class="mark">{words}</span></p>
                <p class="muted">"Since " <When at=since/> {tries} {due}</p>
                {error}
            </div>
        </li>
    }
    .into_any()
}

fn state_words(job: &PipelineJob) -> &'static str {
    match (job.state.as_str(), job.stage.as_deref()) {
        ("running", Some("filing")) => "Filing",
        ("running", _) => "Reading",
        _ => "Waiting",
    }
}

fn tries(job: &PipelineJob) -> Option<String> {
    (job.attempts > 0).then(|| format!(", try {} of {}", job.attempts, job.max_attempts))
}

/// The document by its name and with a link for its owner, by its owner for others.
fn of(job: &PipelineJob) -> AnyView {
    match job.document_name.clone() {
        Some(name) => {
            let href = format!("/documents/{}", job.document_id);
            view! { <a href=href>{name}</a> }.into_any()
        }
        None => format!("A document of {}", job.owner).into_any(),
    }
}

/// What failed, each with a way to have it tried again.
pub(super) fn failures(jobs: Vec<PipelineJob>) -> AnyView {
    let rows: Vec<AnyView> = jobs.into_iter().map(failure).collect();
    view! { <ul class="entries card" data-testid="failures" aria-label="Need attention">{rows}</ul> }
        .into_any()
}

fn failure(job: PipelineJob) -> AnyView {
    let own = job.document_name.is_some();
    let path = match (own, job.kind.as_str()) {
        (false, _) => RetryFailure::PATH,
        (true, "classify") => ClassifyDocument::PATH,
        (true, _) => RetryDocument::PATH,
    };
    let label = match &job.document_name {
        Some(name) => format!("Try {name} again"),
        None => format!("Try the document of {} again", job.owner),
    };
    let sentence = job
        .failure
        .clone()
        .unwrap_or_else(|| "It was given up.".to_owned());
    // Its owner has the sentence; whoever runs the vault wants to know more.
    let error = job.last_error.clone().filter(|_| !own);
    let error = error.map(|error| view! { <p class="hint">"The worker: " {error}</p> });
    let (since, tries, id) = (job.since, tries(&job), job.document_id.to_string());
    view! {
        <li class="entry" data-key=id.clone() data-testid="failure">
            <div class="entry-main">
                <p class="entry-name">{of(&job)}</p>
                <p class="bad-text">{sentence}</p>
                {error}
                <p class="muted"><When at=since/> {tries}</p>
            </div>
            <form method="post" action=path>
                <input type="hidden" name="id" value=id.clone()/>
                <button type="submit" class="button small" data-testid="try-again" aria-label=label>"Try again"</button>
            </form>
        </li>
    }
    .into_any()
}
