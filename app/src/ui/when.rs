//! A moment: absolute in the markup, relative once the browser, which has a clock, takes over.

use crate::format;
use leptos::prelude::*;
use time::OffsetDateTime;

/// A moment, with the absolute one as its tooltip.
#[component]
pub(crate) fn When(
    /// The moment.
    at: OffsetDateTime,
) -> impl IntoView {
    let absolute = format::absolute(at);
    view! { <time class="tabular" datetime=format::machine(at) title=absolute.clone()>{absolute.clone()}</time> }
}
