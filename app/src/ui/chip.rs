//! A topic as a chip in its colour.

use crate::format;
use leptos::prelude::*;

/// A topic's name, leading to the documents filed under it.
#[component]
pub(crate) fn TopicChip(
    /// The topic's name.
    name: String,
    /// Its colour, `#rrggbb`.
    color: String,
) -> impl IntoView {
    let href = format!("/documents?topic={}", format::query_value(&name));
    view! { <a class="chip" data-testid="topic-chip" href=href style=chip_style(&color)>{name}</a> }
}

/// The custom property that tints a chip. Anything but `#rrggbb` gives none: the value goes into a
/// style attribute.
pub(crate) fn chip_style(color: &str) -> Option<String> {
    domain::Color::parse(color)
        .ok()
        .map(|color| format!("--chip:{}", color.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_colour_gets_into_the_style() {
        assert_eq!(chip_style("#6366F1").as_deref(), Some("--chip:#6366f1"));
        for refused in ["", "red", "#fff", "#6366f1;background:url(//x)", "#6366g1"] {
            assert_eq!(chip_style(refused), None, "{refused}");
        }
    }
}
