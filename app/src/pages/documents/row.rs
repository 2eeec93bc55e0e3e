//! A document in the list.

use crate::{
    format::{self, query_value},
    server_fns::documents::RetryDocument,
    sign_in::HOME,
    ui::{
        chip::TopicChip,
        icon::{Icon, Picture},
        name::Name,
        status::{StatusBadge, has_failed},
        when::When,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use wire::Document;

/// One row.
#[component]
pub(super) fn DocumentRow(
    /// The document.
    document: Document,
    /// The address of the list.
    back: String,
) -> impl IntoView {
    let failed = has_failed(&document);
    let href = address(&document, &back);
    let picture = row_picture(&document);
    let notes = row_notes(&document, failed);
    let (id, status) = (document.id.to_string(), document.status.clone());
    let choose = format!("Select {}", document.original_name);
    view! {
        <li class="row" data-testid="document-row" data-key=id.clone() data-id=id.clone() data-status=status>
            <label class="row-pick">
                <input type="checkbox" class="pick" name="ids[]" value=id.clone() form="bulk" aria-label=choose data-testid="pick"/>
            </label>
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
            <p class="row-facts muted">
                <span class="row-size tabular">{format::size(document.size_bytes)}</span>
                <span class="row-date"><When at=document.created_at/></span>
            </p>
            <span class="row-status"><StatusBadge status=document.status stage=document.stage/></span>
        </li>
    }
    .into_any()
}

/// Where the document is, and from there the way back to this list.
fn address(document: &Document, back: &str) -> String {
    match back {
        HOME => format!("/documents/{}", document.id),
        back => format!("/documents/{}?back={}", document.id, query_value(back)),
    }
}

fn row_picture(document: &Document) -> AnyView {
    if document.has_thumbnail {
        let src = format!("/api/documents/{}/thumbnail", document.id);
        view! { <img src=src alt="" width="180" height="232" loading="lazy"/> }.into_any()
    } else {
        view! { <Icon picture=Picture::of_media_type(&document.content_type)/> }.into_any()
    }
}

fn row_notes(document: &Document, failed: bool) -> impl IntoView + use<> {
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
                    <form class="row-note" method="post" action=RetryDocument::PATH>
                        <input type="hidden" name="id" value=id/>
                        <button type="submit" class="button small" data-testid="try-again">"Try again"</button>
                    </form>
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
