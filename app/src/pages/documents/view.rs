//! One document: what it looks like and says at the left, what is known about it at the right.

use super::{
    facts::Facts,
    preview::{Preview, TextOf},
    topics::TopicsOf,
};
use crate::{
    AppError,
    live::Live,
    response,
    server_fns::{
        documents::{
            ClassifyDocument, DeleteDocument, RetryDocument, SetDocumentTopics, get_document,
        },
        topics::list_topics,
    },
    ui::{
        banner::{LastCall, LastError},
        confirm::Confirm,
        icon::{Icon, Picture},
        name::Name,
        panel::{ErrorPanel, Skeleton},
        status::{StatusBadge, has_failed, is_settled},
    },
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;
use wire::{Document, Topic};

/// What can be done with the document. Made once for the page, so that a document that changes
/// while it is open does not lose a call under way.
#[derive(Clone, Copy)]
pub(super) struct Acts {
    pub(super) classify: ServerAction<ClassifyDocument>,
    pub(super) set_topics: ServerAction<SetDocumentTopics>,
    pub(super) retry: ServerAction<RetryDocument>,
    pub(super) delete: ServerAction<DeleteDocument>,
}

impl Acts {
    fn new() -> Self {
        Self {
            classify: ServerAction::new(),
            set_topics: ServerAction::new(),
            retry: ServerAction::new(),
            delete: ServerAction::new(),
        }
    }

    fn last(self) -> LastCall {
        LastCall::new()
            .of(self.classify)
            .of(self.set_topics)
            .of(self.retry)
            .of(self.delete)
    }

    /// Changes whenever one of them came to its end.
    fn versions(self) -> (usize, usize, usize) {
        (
            self.classify.version().get(),
            self.set_topics.version().get(),
            self.retry.version().get(),
        )
    }

    /// Whether the document is on its way out, or gone by our own hand.
    fn deleting(self) -> bool {
        let pending = self.delete.pending().get_untracked();
        pending
            || self
                .delete
                .value()
                .with_untracked(|value| matches!(value, Some(Ok(()))))
    }
}

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
    let acts = Acts::new();
    let document = Resource::new(move || (id.get(), acts.versions()), |(id, _)| find(id));
    let topics = Resource::new(|| (), |()| list_topics());
    Live::on_change(move |change| {
        if id.get_untracked().is_some_and(|id| change.touches(id)) && !acts.deleting() {
            document.refetch();
        }
    });
    view! {
        <p class="crumbs"><a href="/documents">"Documents"</a></p>
        <LastError of=acts.last()/>
        <Transition fallback=|| view! { <Skeleton rows=4/> }>
            {move || {
                let document = document.get()?;
                let topics = topics.get()?.unwrap_or_default();
                Some(match document {
                    Ok(document) => view! { <Detail document topics acts/> }.into_any(),
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
fn Detail(document: Document, topics: Vec<Topic>, acts: Acts) -> impl IntoView {
    let name = document.original_name.clone();
    let (id, status) = (document.id.to_string(), document.status.clone());
    let (shown, stage) = (document.status.clone(), document.stage.clone());
    view! {
        <Title text=name.clone()/>
        <article class="document" data-testid="document" data-id=id data-status=status>
            <header class="document-head">
                <h1><Name name/></h1>
                <p class="document-status" role="status"><StatusBadge status=shown stage/></p>
            </header>
            <Notices document=document.clone() acts/>
            <DocumentActions document=document.clone() acts/>
            <div class="document-grid">
                <Preview document=document.clone()/>
                <aside class="document-right" aria-label="About this document">
                    <TopicsOf document=document.clone() topics acts/>
                    <Facts document=document.clone()/>
                </aside>
                <TextOf document/>
            </div>
        </article>
    }
}

/// What needs attention, and what to do about it.
#[component]
fn Notices(document: Document, acts: Acts) -> impl IntoView {
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
                        <ActionForm action=acts.retry>
                            <input type="hidden" name="id" value=id/>
                            <button type="submit" class="button" data-testid="try-again">"Try again"</button>
                        </ActionForm>
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
fn DocumentActions(document: Document, acts: Acts) -> impl IntoView {
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
                        <ActionForm action=acts.classify>
                            <input type="hidden" name="id" value=id/>
                            <button type="submit" class="button" data-testid="classify-again">"Classify again"</button>
                        </ActionForm>
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
                <ActionForm action=acts.delete>
                    <input type="hidden" name="id" value=for_delete/>
                    <button type="submit" class="button danger" data-testid="confirm-delete">"Delete for good"</button>
                </ActionForm>
            </Confirm>
        </section>
    }
    .into_any()
}
