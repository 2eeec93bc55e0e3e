//! What stands where there is nothing to show: an empty state, an error, a skeleton.

use crate::{AppError, sign_in::sign_in_address};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

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
        401 => "Sign in",
        404 => "Not found",
        403 => "Not allowed",
        _ => "This page can't be shown",
    };
    view! {
        <section class="empty" role="alert" data-testid="error-panel">
            <h1>{title}</h1>
            <p>{error.detail}</p>
            <p>{way_on(error.status)}</p>
        </section>
    }
}

fn way_on(status: u16) -> AnyView {
    if status == 401 {
        let location = use_location();
        let address = move || {
            let (path, query) = (location.pathname.get(), location.search.get());
            sign_in_address(&format!("{path}?{query}"))
        };
        view! { <a class="button primary" rel="external" href=address>"Sign in"</a> }.into_any()
    } else {
        view! { <a class="button" href="/documents">"Back to the documents"</a> }.into_any()
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
