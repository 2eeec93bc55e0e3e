//! How far a document has come, in one word.

use domain::{DocumentStatus, Stage};
use leptos::prelude::*;
use wire::Document;

/// The word, with a mark in the colour of what it means.
#[component]
pub(crate) fn StatusBadge(
    /// The status as sent.
    status: String,
    /// The stage as sent.
    stage: Option<String>,
) -> impl IntoView {
    let word = status_word(&status, stage.as_deref());
    view! { <span class="status" data-testid="status" data-status=status>{word}</span> }
}

/// What people read for a status.
pub(crate) fn status_word(status: &str, stage: Option<&str>) -> &'static str {
    match DocumentStatus::parse(status) {
        Some(DocumentStatus::Pending) => "Waiting",
        Some(DocumentStatus::Processing) if stage == Some(Stage::Filing.as_str()) => "Filing",
        Some(DocumentStatus::Processing) => "Reading",
        Some(DocumentStatus::Ready) => "Ready",
        Some(DocumentStatus::Failed) => "Needs attention",
        None => "Unknown",
    }
}

/// Whether nothing more will happen to it by itself.
pub(crate) fn is_settled(document: &Document) -> bool {
    DocumentStatus::parse(&document.status).is_some_and(DocumentStatus::is_final)
}

/// Whether it could not be read.
pub(crate) fn has_failed(document: &Document) -> bool {
    DocumentStatus::parse(&document.status) == Some(DocumentStatus::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_its_word() {
        let words = [
            ("pending", None, "Waiting"),
            ("processing", None, "Reading"),
            ("processing", Some("reading"), "Reading"),
            ("processing", Some("filing"), "Filing"),
            ("ready", None, "Ready"),
            ("failed", None, "Needs attention"),
        ];
        for (status, stage, word) in words {
            assert_eq!(status_word(status, stage), word, "{status} {stage:?}");
        }
    }
}
