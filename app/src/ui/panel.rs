//! What stands where there is nothing to show: an empty state, an error, a skeleton.

use crate::AppError;
use leptos::prelude::*;

/// Nothing is here yet, and what to do about it.
#[component]
pub(crate) fn EmptyState(
    /// What is missing.
    title: &'static str,
    /// What to do next.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="empty" data-testid="empty-state">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}

/// The page can't be shown.
#[component]
pub(crate) fn ErrorPanel(
    /// Why not.
    error: AppError,
) -> impl IntoView {
    let title = match error.status {
        404 => "Not found",
        403 => "Not allowed",
        _ => "This page can't be shown",
    };
    view! {
        <section class="empty" role="alert" data-testid="error-panel">
            <h1>{title}</h1>
            <p>{error.detail}</p>
            <p><a class="button" href="/documents">"Back to the documents"</a></p>
        </section>
    }
}

/// Grey bars while something loads.
#[component]
pub(crate) fn Skeleton(
    /// How many.
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..rows).map(|_| view! { <div class="skeleton-row"></div> }).collect_view()}
        </div>
    }
}
