//! Whether every document's bytes are in the store and whole.

use crate::{
    AppError, format,
    server_fns::scrub::{ScrubNow, get_scrub},
    ui::{
        crumbs::Crumbs,
        panel::{EmptyState, ErrorPanel, Skeleton},
        when::When,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use wire::{ScrubFinding, ScrubReport};

/// `/admin/store`
#[component]
pub(crate) fn StorePage() -> impl IntoView {
    let report = Resource::new(|| (), |()| get_scrub());
    view! {
        <Title text="Store"/>
        <Crumbs name="Users" href="/admin/users"/>
        <Transition fallback=|| view! { <Skeleton rows=4/> }>
            {move || Some(body(report.get()?))}
        </Transition>
    }
    .into_any()
}

fn body(report: Result<ScrubReport, AppError>) -> AnyView {
    let report = match report {
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(report) => report,
    };
    let shown = match report.started_at {
        None => never(),
        Some(_) => seen(&report),
    };
    let findings = (!report.findings.is_empty()).then(|| table(&report));
    view! {
        <header class="page-head">
            <h1>"Store"</h1>
            <form method="post" action=ScrubNow::PATH>
                <button type="submit" class="button primary" data-testid="check-store">"Check now"</button>
            </form>
        </header>
        <p class="muted">
            "Every document's file is read and compared with what was uploaded. Nothing is changed by that."
        </p>
        {shown}
        {findings}
    }
    .into_any()
}

fn never() -> AnyView {
    view! {
        <EmptyState title="Nobody has looked yet">
            <p>"The worker looks by itself now and then. To have it look at once, choose Check now."</p>
        </EmptyState>
    }
    .into_any()
}

fn seen(report: &ScrubReport) -> AnyView {
    let looked_at = format!(
        "{} and {} read, {} seen in the store.",
        format::counted(report.documents, "document"),
        format::size(report.bytes),
        format::counted(report.objects, "object"),
    );
    let state = match (report.finished_at, report.total) {
        (None, _) => "A worker is looking now. Load this page again to see how far it is.",
        (Some(_), 0) => "Everything is there and whole.",
        (Some(_), _) => "Some objects are not as they should be.",
    };
    let class = match (report.finished_at, report.total) {
        (Some(_), 0) => "good-text",
        (_, 1..) => "bad-text",
        _ => "muted",
    };
    let when = report.finished_at.or(report.started_at);
    let word = match report.finished_at {
        Some(_) => "Looked through ",
        None => "Begun ",
    };
    view! {
        <section class="card stack account-card" data-testid="scrub">
            <p class=class role="status" data-testid="scrub-state">{state}</p>
            <p class="tabular" data-testid="scrub-counts">{looked_at}</p>
            <p class="muted">{word} {when.map(|at| view! { <When at/> })}</p>
        </section>
    }
    .into_any()
}

fn table(report: &ScrubReport) -> AnyView {
    let rows: Vec<AnyView> = report.findings.iter().cloned().map(row).collect();
    let more = (report.total > report.findings.len() as i64).then(|| {
        view! { <p class="muted">"These are the first hundred. " <code>"server scrub"</code> " lists them all."</p> }
    });
    view! {
        <table class="users" role="table" data-testid="findings">
            <thead>
                <tr>
                    <th scope="col">"Object"</th>
                    <th scope="col">"What is wrong"</th>
                    <th scope="col">"What to do"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {more}
    }
    .into_any()
}

fn row(finding: ScrubFinding) -> AnyView {
    let kind = kind_words(&finding.kind, finding.picture);
    let of = finding.owner.map(|owner| format!(" of {owner}"));
    view! {
        <tr role="row" data-testid="finding" data-kind=finding.kind>
            <th scope="row" role="rowheader">
                {kind} {of}
                <span class="hint">{finding.object_key}</span>
            </th>
            <td role="cell" data-label="What is wrong">{finding.detail}</td>
            <td role="cell" data-label="What to do">{finding.advice}</td>
        </tr>
    }
    .into_any()
}

fn kind_words(kind: &str, picture: bool) -> &'static str {
    match (kind, picture) {
        ("missing", false) => "Missing file",
        ("missing", true) => "Missing picture",
        ("damaged", false) => "Damaged file",
        ("damaged", true) => "Damaged picture",
        _ => "Left over",
    }
}
