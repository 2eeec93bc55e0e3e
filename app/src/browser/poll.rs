//! Pages that show what nobody is told of: they show themselves anew now and then, while somebody looks.

use super::{dom, visit};
use leptos::prelude::{document, set_interval};
use std::time::Duration;
use web_sys::Element;

/// How often.
const EVERY: Duration = Duration::from_secs(5);

/// Begins.
pub(super) fn begin() {
    set_interval(
        || {
            let wanted = dom::first::<Element>("main [data-poll]").is_some();
            if wanted && !document().hidden() {
                visit::refresh();
            }
        },
        EVERY,
    );
}
