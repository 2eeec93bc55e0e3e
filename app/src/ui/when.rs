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
    let shown = RwSignal::new(absolute.clone());
    Effect::new(move || {
        let now = (js_sys::Date::now() / 1_000.0) as i64;
        if let Some(relative) = format::relative(at, now) {
            shown.set(relative);
        }
    });
    view! { <time class="tabular" datetime=format::machine(at) title=absolute>{move || shown.get()}</time> }
}
