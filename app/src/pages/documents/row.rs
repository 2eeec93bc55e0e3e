//! A document in the list.

use crate::{
    format,
    server_fns::documents::RetryDocument,
    ui::{
        chip::TopicChip,
        icon::{Icon, Picture},
        name::Name,
        status::{StatusBadge, has_failed},
        when::When,
    },
};
use leptos::{form::ActionForm, prelude::*};
use uuid::Uuid;
use wire::Document;

/// What makes a row another one, so that only those that changed are drawn anew.
pub(super) fn row_key(
    document: &Document,
) -> (Uuid, i128, String, Option<String>, Vec<String>, bool) {
    (
        document.id,
        document.updated_at.unix_timestamp_nanos(),
        document.status.clone(),
        document.stage.clone(),
        document.topics.clone(),
        document.has_thumbnail,
    )
}

/// One row.
#[component]
pub(super) fn DocumentRow(
    /// The document.
    document: Document,
    /// Processes a failed document again.
    retry: ServerAction<RetryDocument>,
) -> impl IntoView {
    let failed = has_failed(&document);
    let href = format!("/documents/{}", document.id);
    let picture = row_picture(&document);
    let notes = row_notes(&document, retry, failed);
    let (id, status) = (document.id.to_string(), document.status.clone());
    view! {
        <li class="row" data-testid="document-row" data-id=id data-status=status>
            <a class="row-picture" href=href.clone() tabindex="-1" aria-hidden="true">{picture}</a>
            <div class="row-main">
                <a class="row-name" href=href><Name name=document.original_name/></a>
                <div class="row-chips">
                    {document
                        .assigned
                        .into_iter()
                        .map(|topic| view! { <TopicChip name=topic.name color=topic.color/> })
                        .collect_view()}
                </div>
                {notes}
            </div>
            <span class="row-size muted tabular">{format::size(document.size_bytes)}</span>
            <span class="row-date muted"><When at=document.created_at/></span>
            <span class="row-status"><StatusBadge status=document.status stage=document.stage/></span>
        </li>
    }
    .into_any()
}

fn row_picture(document: &Document) -> AnyView {
    if document.has_thumbnail {
        let src = format!("/api/documents/{}/thumbnail", document.id);
        view! { <img src=src alt="" width="44" height="56" loading="lazy"/> }.into_any()
    } else {
        view! { <Icon picture=Picture::of_media_type(&document.content_type)/> }.into_any()
    }
}

fn row_notes(
    document: &Document,
    retry: ServerAction<RetryDocument>,
    failed: bool,
) -> impl IntoView + use<> {
    let id = document.id.to_string();
    let failure = document.failure.clone().filter(|_| failed);
    let unfiled = document.classification_error.clone().filter(|_| !failed);
    let duplicate = document
        .duplicate_of
        .map(|older| format!("/documents/{older}"));
    view! {
        {failure.map(|reason| view! { <p class="row-note bad-text" data-testid="failure">{reason}</p> })}
        {failed
            .then(|| {
                view! {
                    <ActionForm action=retry attr:class="row-note">
                        <input type="hidden" name="id" value=id/>
                        <button type="submit" class="button small" data-testid="try-again">"Try again"</button>
                    </ActionForm>
                }
            })}
        {unfiled.map(|reason| view! { <p class="row-note warn-text">{reason}</p> })}
        {duplicate
            .map(|href| {
                view! {
                    <p class="row-note muted" data-testid="duplicate">
                        "Same file as " <a href=href>"an older document"</a>
                    </p>
                }
            })}
    }
}
