//! The topics: what they are about, how many documents each has, and the forms that change them.

use super::edit::TopicFields;
use crate::{
    AppError, format,
    server_fns::topics::{CreateTopic, DeleteTopic, UpdateTopic, list_topics},
    ui::{
        chip::chip_style,
        confirm::Confirm,
        icon::{Icon, Picture},
        panel::{EmptyState, ErrorPanel},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use wire::Topic;

/// `/topics`
#[component]
pub(crate) fn TopicsPage() -> impl IntoView {
    let topics = Resource::new(|| (), |()| list_topics());
    view! {
        <Title text="Topics"/>
        <header class="page-head" data-live><h1>"Topics"</h1></header>
        <NewTopic/>
        <Transition>{move || topics.get().map(list)}</Transition>
    }
    .into_any()
}

fn list(result: Result<Vec<Topic>, AppError>) -> AnyView {
    match result {
        Err(error) => view! { <ErrorPanel error/> }.into_any(),
        Ok(topics) if !topics.is_empty() => {
            let rows: Vec<AnyView> = topics.into_iter().map(row).collect();
            view! { <ul class="topics" aria-label="Topics">{rows}</ul> }.into_any()
        }
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
fn NewTopic() -> impl IntoView {
    view! {
        <details class="card new-topic" id="new-topic" data-testid="new-topic">
            <summary><Icon picture=Picture::Add/> <span>"New topic"</span></summary>
            <form class="stack" method="post" action=CreateTopic::PATH>
                <TopicFields
                    prefix="new".to_owned()
                    name=String::new()
                    description=String::new()
                    color=domain::Color::DEFAULT.to_owned()
                />
                <div><button type="submit" class="button primary" data-testid="create-topic">"Create topic"</button></div>
            </form>
        </details>
    }
}

fn row(topic: Topic) -> AnyView {
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
        <li
            class="card topic"
            data-testid="topic-row"
            data-key=id.clone()
            data-id=id.clone()
            data-name=name.clone()
        >
            <div class="topic-head">
                <span class="topic-dot" style=chip_style(&topic.color) aria-hidden="true"></span>
                <h2>{name.clone()}</h2>
                <a class="tabular" href=documents data-testid="topic-count">
                    {format::counted(topic.doc_count, "document")}
                </a>
            </div>
            {(!described.is_empty()).then(|| view! { <p class="topic-description">{described}</p> })}
            <div class="topic-forms">
                <details class="edit" data-testid="edit-topic">
                    <summary>"Edit"</summary>
                    <form class="stack" method="post" action=UpdateTopic::PATH>
                        <input type="hidden" name="id" value=id.clone()/>
                        <TopicFields
                            prefix
                            name=topic.name
                            description=topic.description
                            color=topic.color
                        />
                        <div><button type="submit" class="button primary" data-testid="save-topic">"Save topic"</button></div>
                    </form>
                </details>
                <Confirm
                    id=popover
                    button="Delete"
                    label
                    testid="delete"
                    question
                    consequence="Its documents stay; they are only no longer filed under it."
                >
                    <form method="post" action=DeleteTopic::PATH>
                        <input type="hidden" name="id" value=id_to_delete/>
                        <button type="submit" class="button danger" data-testid="confirm-delete">"Delete topic"</button>
                    </form>
                </Confirm>
            </div>
        </li>
    }
    .into_any()
}
