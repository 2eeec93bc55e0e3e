//! A file's name, which may be long and has no blanks to break at.

use leptos::prelude::*;

/// The name, with places where a line may end: after `_`, `-` and `.`.
#[component]
pub(crate) fn Name(
    /// The name.
    name: String,
) -> impl IntoView {
    pieces(&name)
        .map(|piece| view! { {piece.to_owned()} <wbr/> })
        .collect_view()
}

fn pieces(name: &str) -> impl Iterator<Item = &str> {
    name.split_inclusive(['_', '-', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_after_the_marks_and_nothing_is_lost() {
        let name = "2026-03_tax office.final.pdf";
        let found: Vec<&str> = pieces(name).collect();
        assert_eq!(
            found,
            ["2026-", "03_", "tax office.", "final.", "pdf"],
            "{name}"
        );
        for name in ["", "plain", "a..b", "-_."] {
            assert_eq!(pieces(name).collect::<String>(), name);
        }
    }
}
