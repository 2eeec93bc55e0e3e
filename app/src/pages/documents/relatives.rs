//! What a document came out of, and what came out of it: lines with links, nothing more.

use crate::{server_fns::documents::document_parts, ui::status::status_word};
use domain::{Family, FileType};
use leptos::prelude::*;
use uuid::Uuid;
use wire::{Document, Relative, Relatives};

/// The card with both; nothing for a document that stands by itself.
#[component]
pub(super) fn RelativesOf(
    /// The document.
    document: Document,
) -> impl IntoView {
    let family = FileType::from_media_type(&document.content_type).map(FileType::family);
    let may_have_parts = matches!(family, Some(Family::Mail | Family::Archive));
    (may_have_parts || document.parent_id.is_some())
        .then(|| view! { <Loaded id=document.id path=document.path/> })
}

#[component]
fn Loaded(id: Uuid, path: Option<String>) -> impl IntoView {
    let relatives = Resource::new(move || id, document_parts);
    view! {
        <Transition>
            {move || {
                let path = path.clone();
                let relatives = relatives.get()?.unwrap_or_default();
                let Relatives { parent, parts } = relatives;
                let any = parent.is_some() || !parts.is_empty();
                any.then(|| {
                    view! {
                        <section class="card relatives" aria-label="Archive or e-mail" data-testid="relatives">
                            {parent.map(|parent| view! { <From parent path/> })}
                            {(!parts.is_empty()).then(|| view! { <Parts parts/> })}
                        </section>
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn From(parent: Relative, path: Option<String>) -> impl IntoView {
    let href = format!("/documents/{}", parent.id);
    // The name itself stands at the top of the page.
    let folder = path
        .as_deref()
        .and_then(|path| path.rsplit_once('/'))
        .map(|(folder, _)| format!(", {folder}"));
    view! {
        <p data-testid="from">"From " <a href=href>{parent.original_name}</a> {folder}</p>
    }
}

#[component]
fn Parts(parts: Vec<Relative>) -> impl IntoView {
    let lines: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let href = format!("/documents/{}", part.id);
            let name = part.path.unwrap_or(part.original_name);
            let unsettled = (part.status != "ready").then(|| status_word(&part.status, None));
            view! {
                <li>
                    <a href=href>{name}</a>
                    {unsettled.map(|word| view! { " " <span class="muted">{word}</span> })}
                </li>
            }
        })
        .collect();
    view! {
        <h2>"What is in it"</h2>
        <ul class="parts" data-testid="parts">{lines}</ul>
    }
}
