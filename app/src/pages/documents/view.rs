//! One document: what it looks like and says at the left, what is known about it at the right.

use super::{
    facts::Facts,
    preview::{Preview, TextOf},
    relatives::RelativesOf,
    topics::TopicsOf,
};
use crate::{
    AppError, response,
    server_fns::{
        documents::{ClassifyDocument, DeleteDocument, RetryDocument, get_document},
        topics::topic_choices,
    },
    sign_in::after_sign_in,
    ui::{
        confirm::Confirm,
        crumbs::Crumbs,
        icon::{Icon, Picture},
        name::Name,
        panel::ErrorPanel,
        status::{StatusBadge, has_failed, is_settled},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;
use wire::{Document, TopicChoice};

/// `/documents/{id}`
#[component]
pub(crate) fn DocumentPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .read()
            .get("id")
            .and_then(|id| id.parse::<Uuid>().ok())
    });
    let document = Resource::new(move || id.get(), find);
    let topics = Resource::new(|| (), |()| topic_choices());
    // The list that one came from, with what it was filtered by.
    let back = after_sign_in(use_query_map().read_untracked().get("back").as_deref());
    let list = back.clone();
    view! {
        <Crumbs name="Documents" href=list/>
        <Transition>
            {move || {
                let back = back.clone();
                let document = document.get()?;
                let topics = topics.get()?.unwrap_or_default();
                Some(match document {
                    Ok(document) => view! { <Detail document topics back/> }.into_any(),
                    Err(error) => view! { <Title text="Not shown"/> <ErrorPanel error/> }.into_any(),
                })
            }}
        </Transition>
    }
    .into_any()
}

async fn find(id: Option<Uuid>) -> Result<Document, AppError> {
    match id {
        Some(id) => get_document(id).await,
        None => {
            response::set_status(404);
            Err(AppError::not_found())
        }
    }
}

#[component]
fn Detail(document: Document, topics: Vec<TopicChoice>, back: String) -> impl IntoView {
    let name = document.original_name.clone();
    let (id, status) = (document.id.to_string(), document.status.clone());
    let (shown, stage) = (document.status.clone(), document.stage.clone());
    view! {
        <Title text=name.clone()/>
        <article class="document" data-testid="document" data-live=id.clone() data-id=id data-status=status>
            <header class="document-head">
                <h1><Name name/></h1>
                <p class="document-status" role="status"><StatusBadge status=shown stage/></p>
            </header>
            <Notices document=document.clone()/>
            <DocumentActions document=document.clone() back/>
            <div class="document-grid">
                <Preview document=document.clone()/>
                <aside class="document-right" aria-label="About this document">
                    <TopicsOf document=document.clone() topics/>
                    <RelativesOf document=document.clone()/>
                    <Facts document=document.clone()/>
                </aside>
                <TextOf document/>
            </div>
        </article>
    }
}

/// What needs attention, and what to do about it.
#[component]
fn Notices(document: Document) -> impl IntoView {
    let id = document.id.to_string();
    let failed = has_failed(&document);
    let failure = failed.then(|| {
        document
            .failure
            .clone()
            .unwrap_or_else(|| "The file could not be read.".to_owned())
    });
    let unfiled = document.classification_error.clone().filter(|_| !failed);
    let duplicate = document
        .duplicate_of
        .map(|older| format!("/documents/{older}"));
    view! {
        {failure
            .map(|reason| {
                view! {
                    <div class="banner bad">
                        <Icon picture=Picture::Attention/>
                        <div><p data-testid="failure">{reason}</p></div>
                        <form method="post" action=RetryDocument::PATH>
                            <input type="hidden" name="id" value=id/>
                            <button type="submit" class="button" data-testid="try-again">"Try again"</button>
                        </form>
                    </div>
                }
            })}
        {unfiled
            .map(|reason| {
                view! {
                    <div class="banner warn" data-testid="classification-error">
                        <Icon picture=Picture::Attention/>
                        <div>
                            <p>{reason}</p>
                            <p class="muted">
                                "The document is safe. Look at the " <a href="/settings">"settings"</a>
                                ", then classify it again, or choose topics yourself."
                            </p>
                        </div>
                    </div>
                }
            })}
        {duplicate
            .map(|href| {
                view! {
                    <p class="banner plain" data-testid="duplicate">
                        <span>"Same file as " <a href=href>"an older document"</a></span>
                    </p>
                }
            })}
    }
    .into_any()
}

#[component]
fn DocumentActions(document: Document, back: String) -> impl IntoView {
    let id = document.id.to_string();
    let can_classify = is_settled(&document) && !has_failed(&document);
    let download = format!("/api/documents/{id}/content?download=1");
    let question = format!("Delete “{}”?", document.original_name);
    let for_delete = id.clone();
    view! {
        <section class="actions" aria-label="Actions">
            <a class="button" href=download download=document.original_name data-testid="download">
                <Icon picture=Picture::Download/> "Download"
            </a>
            {can_classify
                .then(|| {
                    view! {
                        <form method="post" action=ClassifyDocument::PATH>
                            <input type="hidden" name="id" value=id/>
                            <button type="submit" class="button" data-testid="classify-again">"Classify again"</button>
                        </form>
                    }
                })}
            <Confirm
                id=format!("delete-{for_delete}")
                button="Delete"
                label="Delete this document".to_owned()
                testid="delete"
                question
                consequence="The file, its text and its topics are removed for good."
            >
                <form method="post" action=DeleteDocument::PATH>
                    <input type="hidden" name="id" value=for_delete/>
                    <input type="hidden" name="back" value=back/>
                    <button type="submit" class="button danger" data-testid="confirm-delete">"Delete for good"</button>
                </form>
            </Confirm>
        </section>
    }
    .into_any()
}
