//! What is known about a document.

use crate::{format, ui::when::When};
use domain::FileType;
use leptos::prelude::*;
use wire::Document;

/// Type, size, pages, dates, digest.
#[component]
pub(super) fn Facts(
    /// The document.
    document: Document,
) -> impl IntoView {
    let kind = FileType::from_media_type(&document.content_type).map(FileType::spoken);
    let kind = kind.map_or_else(|| document.content_type.clone(), without_article);
    let pages = document
        .page_count
        .map(|count| format::counted(i64::from(count), "page"));
    let digest = document.sha256.clone();
    view! {
        <section class="card">
            <h2>"Facts"</h2>
            <dl class="facts">
                <dt>"Type"</dt>
                <dd>{kind}</dd>
                <dt>"Size"</dt>
                <dd class="tabular">{format::size(document.size_bytes)}</dd>
                {pages.map(|pages| view! { <dt>"Length"</dt> <dd class="tabular">{pages}</dd> })}
                <dt>"Uploaded"</dt>
                <dd><When at=document.created_at/></dd>
                {digest
                    .map(|digest| {
                        let short = format::short_digest(&digest);
                        view! { <dt>"SHA-256"</dt> <dd><code title=digest>{short}</code></dd> }
                    })}
            </dl>
        </section>
    }
    .into_any()
}

/// "a PDF" in a table is "PDF".
fn without_article(spoken: &'static str) -> String {
    let bare = spoken
        .strip_prefix("an ")
        .or_else(|| spoken.strip_prefix("a "))
        .unwrap_or(spoken);
    let mut letters = bare.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_stand_without_their_article() {
        assert_eq!(without_article("a PDF"), "PDF");
        assert_eq!(without_article("an HTML page"), "HTML page");
        assert_eq!(without_article("plain text"), "Plain text");
    }
}
