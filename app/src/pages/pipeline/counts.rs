//! How much there is to do, in figures.

use crate::{format, ui::when::When};
use leptos::prelude::*;
use wire::Pipeline;

/// The figures, side by side.
pub(super) fn counts(pipeline: &Pipeline) -> AnyView {
    let figure = |label: &'static str, count: i64, testid: &'static str, bad: bool| {
        let class = if bad { "figure bad-text" } else { "figure" };
        view! {
            <div>
                <dt>{label}</dt>
                <dd class=class data-testid=testid>{format::number(count)}</dd>
            </div>
        }
    };
    let oldest = pipeline.oldest_waiting_since.map_or_else(
        || view! { "Nothing waits" }.into_any(),
        |at| view! { "Since " <When at/> }.into_any(),
    );
    view! {
        <dl class="figures card">
            {figure("Waiting", pipeline.waiting, "pipeline-waiting", false)}
            {figure("Running", pipeline.running, "pipeline-running", false)}
            {figure("Need attention", pipeline.failed, "pipeline-failed", pipeline.failed > 0)}
            <div>
                <dt>"Waits longest"</dt>
                <dd data-testid="pipeline-oldest">{oldest}</dd>
            </div>
        </dl>
    }
    .into_any()
}
