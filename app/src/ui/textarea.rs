//! A text field of several lines.
//!
//! leptos does not escape the children of `<textarea>` when it renders on the server, so a text
//! child would be a way for markup in data to become part of the page. This is the only place that
//! may write the element; a test below holds every other file to that.

use crate::format::escape_html;
use leptos::prelude::*;

/// A text field of several lines, holding `value` with and without JavaScript.
#[component]
pub(crate) fn TextArea(
    /// The name of the field in the form.
    name: &'static str,
    /// The element's id, for its label.
    id: String,
    /// What it holds.
    value: String,
    /// How many lines it shows.
    rows: &'static str,
    /// The most characters it takes.
    maxlength: &'static str,
) -> impl IntoView {
    view! { <textarea name=name id=id rows=rows maxlength=maxlength inner_html=escape_html(&value)></textarea> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn a_value_cannot_leave_the_element() {
        let value = "</textarea><b>&".to_owned();
        let html =
            view! { <TextArea name="n" id="i".to_owned() value rows="1" maxlength="9"/> }.to_html();
        assert!(
            html.ends_with(">&lt;/textarea&gt;&lt;b&gt;&amp;</textarea>"),
            "{html}"
        );
    }

    #[test]
    fn no_other_file_writes_a_textarea_or_raw_html() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut sources = Vec::new();
        collect(&root, &mut sources);
        assert!(sources.len() > 20, "the scan looks in the wrong place");
        for (path, source) in sources
            .iter()
            .filter(|(path, _)| !path.ends_with("ui/textarea.rs"))
        {
            for forbidden in ["<textarea", "inner_html", "<style", "InertElement"] {
                assert!(!source.contains(forbidden), "{path} has {forbidden}");
            }
        }
    }

    fn collect(folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push((
                    path.display().to_string(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
}
