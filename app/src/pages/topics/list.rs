//! The topics: what they are about, how many documents each has, and the forms that change them.

use super::edit::TopicFields;
use crate::{
    AppError, format,
    live::Live,
    server_fns::topics::{CreateTopic, DeleteTopic, UpdateTopic, list_topics},
    ui::{
        banner::{LastCall, LastError},
        chip::chip_style,
        confirm::Confirm,
        icon::{Icon, Picture},
        panel::{EmptyState, ErrorPanel, Skeleton},
    },
};
use leptos::{form::ActionForm, html::Details, prelude::*};
use leptos_meta::Title;
use uuid::Uuid;
use wire::Topic;

/// `/topics`
#[component]
pub(crate) fn TopicsPage() -> impl IntoView {
    let create = ServerAction::<CreateTopic>::new();
    let update = ServerAction::<UpdateTopic>::new();
    let delete = ServerAction::<DeleteTopic>::new();
    let last = LastCall::new().of(create).of(update).of(delete);
    let topics = Resource::new(
        move || {
            (
                create.version().get(),
                update.version().get(),
                delete.version().get(),
            )
        },
        |_| list_topics(),
    );
    Live::on_change(move |_| topics.refetch());
    let rows = move || topics.get().and_then(Result::ok).unwrap_or_default();
    view! {
        <Title text="Topics"/>
        <header class="page-head"><h1>"Topics"</h1></header>
        <LastError of=last/>
        <NewTopic create/>
        <Transition fallback=|| view! { <Skeleton rows=4/> }>
            {move || topics.get().map(instead_of_rows)}
            <Show when=move || !rows().is_empty()>
                <ul class="topics" aria-label="Topics">
                    <For each=rows key=topic_key let:topic>
                        <TopicRow count=count_of(topics, topic.id) topic update delete/>
                    </For>
                </ul>
            </Show>
        </Transition>
    }
    .into_any()
}

/// What makes a row another one. The count is not in it: a document that is filed while somebody
/// edits a topic must not take the form away.
fn topic_key(topic: &Topic) -> (Uuid, String, String, String) {
    (
        topic.id,
        topic.name.clone(),
        topic.description.clone(),
        topic.color.clone(),
    )
}

fn count_of(topics: Resource<Result<Vec<Topic>, AppError>>, id: Uuid) -> Signal<i64> {
    Signal::derive(move || {
        let topics = topics.get().and_then(Result::ok).unwrap_or_default();
        topics
            .iter()
            .find(|topic| topic.id == id)
            .map_or(0, |topic| topic.doc_count)
    })
}

fn instead_of_rows(result: Result<Vec<Topic>, AppError>) -> AnyView {
    match result {
        Err(error) => view! { <ErrorPanel error/> }.into_any(),
        Ok(topics) if !topics.is_empty() => ().into_any(),
        Ok(_) => view! {
            <EmptyState title="No topics yet">
                <p>
                    "Topics are the headings your documents are filed under: Taxes, Insurance, Health. "
                    "Create one and say what belongs there; DocuVault files by it from the next document on."
                </p>
            </EmptyState>
        }
        .into_any(),
    }
}

#[component]
fn NewTopic(create: ServerAction<CreateTopic>) -> impl IntoView {
    let details: NodeRef<Details> = NodeRef::new();
    Effect::new(move || {
        let done =
            create.version().get() > 0 && create.value().with(|value| matches!(value, Some(Ok(_))));
        if let (true, Some(details)) = (done, details.get_untracked()) {
            close_and_empty(&details);
        }
    });
    view! {
        <details class="card new-topic" node_ref=details data-testid="new-topic">
            <summary><Icon picture=Picture::Add/> <span>"New topic"</span></summary>
            <ActionForm action=create attr:class="stack">
                <TopicFields
                    prefix="new".to_owned()
                    name=String::new()
                    description=String::new()
                    color=domain::Color::DEFAULT.to_owned()
                />
                <div><button type="submit" class="button primary" data-testid="create-topic">"Create topic"</button></div>
            </ActionForm>
        </details>
    }
}

/// After success the form is put away, ready for the next topic.
fn close_and_empty(details: &web_sys::HtmlDetailsElement) {
    use wasm_bindgen::JsCast;
    details.set_open(false);
    let form = details.query_selector("form").ok().flatten();
    if let Some(form) = form.and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok()) {
        form.reset();
    }
}

#[component]
fn TopicRow(
    topic: Topic,
    count: Signal<i64>,
    update: ServerAction<UpdateTopic>,
    delete: ServerAction<DeleteTopic>,
) -> impl IntoView {
    let id = topic.id.to_string();
    let documents = format!("/documents?topic={}", format::query_value(&topic.name));
    let described = topic.description.clone();
    let (name, prefix, id_to_delete, popover) = (
        topic.name.clone(),
        id.clone(),
        id.clone(),
        format!("delete-{id}"),
    );
    let (label, question) = (
        format!("Delete the topic {name}"),
        format!("Delete the topic “{name}”?"),
    );
    view! {
        <li class="card topic" data-testid="topic-row" data-id=topic.id.to_string() data-name=name.clone()>
            <div class="topic-head">
                <span class="topic-dot" style=chip_style(&topic.color) aria-hidden="true"></span>
                <h2>{name.clone()}</h2>
                <a class="tabular" href=documents data-testid="topic-count">{move || format::counted(count.get(), "document")}</a>
            </div>
            {(!described.is_empty()).then(|| view! { <p class="topic-description">{described}</p> })}
            <div class="topic-forms">
                <details class="edit" data-testid="edit-topic">
                    <summary>"Edit"</summary>
                    <ActionForm action=update attr:class="stack">
                        <input type="hidden" name="id" value=id/>
                        <TopicFields
                            prefix
                            name=topic.name
                            description=topic.description
                            color=topic.color
                        />
                        <div><button type="submit" class="button primary" data-testid="save-topic">"Save topic"</button></div>
                    </ActionForm>
                </details>
                <Confirm
                    id=popover
                    button="Delete"
                    label
                    testid="delete"
                    question
                    consequence="Its documents stay; they are only no longer filed under it."
                >
                    <ActionForm action=delete>
                        <input type="hidden" name="id" value=id_to_delete/>
                        <button type="submit" class="button danger" data-testid="confirm-delete">"Delete topic"</button>
                    </ActionForm>
                </Confirm>
            </div>
        </li>
    }
    .into_any()
}
