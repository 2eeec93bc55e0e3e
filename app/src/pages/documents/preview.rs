//! What a document looks like, and what it says.

use crate::{
    format,
    ui::{
        icon::{Icon, Picture},
        status::{has_failed, is_settled},
    },
};
use domain::{Family, FileType};
use leptos::prelude::*;
use wire::Document;

/// The file itself where a browser can show it safely, else its first page as a picture.
#[component]
pub(super) fn Preview(
    /// The document.
    document: Document,
) -> impl IntoView {
    let content = format!("/api/documents/{}/content", document.id);
    let kind = FileType::from_media_type(&document.content_type);
    let inner = match kind {
        _ if has_failed(&document) => unreadable(),
        Some(FileType::Pdf) => pdf(content, &document),
        Some(kind) if kind.family() == Family::Image && kind.shown_inline() => {
            view! { <img class="preview-image" src=content alt=format!("Picture of {}", document.original_name)/> }.into_any()
        }
        _ => first_page(&document),
    };
    view! { <section class="preview" aria-label="Preview">{inner}</section> }
}

/// A file that could not be read: a viewer would only fail on it, too.
fn unreadable() -> AnyView {
    view! {
        <div class="preview-kept" data-testid="preview-kept">
            <p>"This file could not be read. It is kept as you uploaded it."</p>
        </div>
    }
    .into_any()
}

/// The first page, which leads to the file. In a browser with the application its own viewer takes its
/// place, save on phones, which mostly have none in a frame.
fn pdf(content: String, document: &Document) -> AnyView {
    let title = format!("Preview of {}", document.original_name);
    let src = format!("{content}#navpanes=0&view=FitH");
    view! {
        <div class="preview-place" data-kept data-frame=src data-title=title></div>
        <a class="preview-small" href=content rel="external">{first_page(document)} <span>"Open the PDF"</span></a>
    }
    .into_any()
}

fn first_page(document: &Document) -> AnyView {
    if document.has_thumbnail {
        let src = format!("/api/documents/{}/thumbnail", document.id);
        let alt = format!("First page of {}", document.original_name);
        view! { <img class="preview-image" src=src alt=alt/> }.into_any()
    } else {
        let words = if is_settled(document) {
            "No preview of this file"
        } else {
            "The preview is on its way"
        };
        view! {
            <p class="preview-none muted">
                <Icon picture=Picture::of_media_type(&document.content_type)/>
                <span>{words}</span>
            </p>
        }
        .into_any()
    }
}

/// The text that was read.
#[component]
pub(super) fn TextOf(
    /// The document.
    document: Document,
) -> impl IntoView {
    let text = document
        .extracted_text
        .clone()
        .filter(|text| !text.trim().is_empty());
    let text = text.map(|text| text.trim_start_matches(['\n', '\r']).trim_end().to_owned());
    let settled = is_settled(&document);
    let inner = match text {
        Some(text) => {
            let cut = document
                .extracted_text
                .as_deref()
                .is_some_and(format::was_shortened);
            view! {
                <div class="text" tabindex="0" role="region" aria-label="Text of the document" data-testid="text">
                    {text}
                </div>
                {cut.then(|| view! { <p class="muted">"This is the beginning; the whole text is in the file."</p> })}
                {document.reading_note.clone().map(|note| view! { <p class="muted">{note}</p> })}
            }
            .into_any()
        }
        None if has_failed(&document) => {
            view! { <p class="muted">"There is no text, because the file could not be read."</p> }
                .into_any()
        }
        None if settled => {
            view! { <p class="muted">"No text was found in this file."</p> }.into_any()
        }
        None => view! { <p class="muted">"The text appears here once the file has been read."</p> }
            .into_any(),
    };
    view! {
        <details class="card text-card" open>
            <summary><h2>"Text"</h2></summary>
            {inner}
        </details>
    }
}
