//! The way back to the page that leads to this one.

use leptos::prelude::*;

/// A link to it.
#[component]
pub(crate) fn Crumbs(
    /// What it is called.
    name: &'static str,
    /// Its address.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    view! { <p class="crumbs"><a href=href data-testid="crumb">{name}</a></p> }
}
