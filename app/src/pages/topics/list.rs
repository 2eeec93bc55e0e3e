//! The topics: what they are about, how many documents each has, and the forms that change them.

use super::edit::TopicFields;
use crate::{
    AppError, format,
    response::{self, TypedTopic},
    server_fns::topics::{CreateTopic, DeleteTopic, UpdateTopic, list_topics},
    ui::{
        chip::chip_style,
        confirm::Confirm,
        icon::{Icon, Picture},
        panel::{EmptyState, ErrorPanel},
        refusal::Refusal,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use wire::Topic;

/// `/topics`
#[component]
pub(crate) fn TopicsPage() -> impl IntoView {
    let topics = Resource::new(|| (), |()| list_topics());
    let (new, changed) = Refused::forms();
    view! {
        <Title text="Topics"/>
        <header class="page-head" data-live><h1>"Topics"</h1></header>
        <NewTopic refused=new/>
        <Transition>{move || topics.get().map(|topics| list(topics, changed.as_ref()))}</Transition>
    }
    .into_any()
}

/// A form that was refused, with what was typed into it.
#[derive(Clone)]
struct Refused {
    typed: TypedTopic,
    refusal: Refusal,
}

impl Refused {
    /// The form of a new topic, and that of one there is, where they were refused.
    fn forms() -> (Option<Self>, Option<Self>) {
        let (new, changed) = (
            Refusal::of(CreateTopic::PATH),
            Refusal::of(UpdateTopic::PATH),
        );
        if !new.is_some() && !changed.is_some() {
            return (None, None);
        }
        let typed = response::typed_topic();
        let form = |refusal: Refusal| {
            let typed = typed.clone()?;
            refusal.is_some().then_some(Self { typed, refusal })
        };
        (form(new), form(changed))
    }

    fn none() -> Self {
        Self {
            typed: TypedTopic::default(),
            refusal: Refusal::default(),
        }
    }
}

fn list(result: Result<Vec<Topic>, AppError>, refused: Option<&Refused>) -> AnyView {
    match result {
        Err(error) => view! { <ErrorPanel error/> }.into_any(),
        Ok(topics) if !topics.is_empty() => {
            let of = |topic: &Topic| refused.filter(|refused| refused.typed.of == Some(topic.id));
            let rows: Vec<AnyView> = topics
                .into_iter()
                .map(|topic| {
                    let refused = of(&topic).cloned();
                    row(topic, refused)
                })
                .collect();
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
fn NewTopic(refused: Option<Refused>) -> impl IntoView {
    let open = refused.is_some();
    let Refused { typed, refusal } = refused.unwrap_or_else(Refused::none);
    let color = match typed.is_known() {
        true => typed.color,
        false => domain::Color::DEFAULT.to_owned(),
    };
    view! {
        <details class="card new-topic" id="new-topic" open=open data-testid="new-topic">
            <summary><Icon picture=Picture::Add/> <span>"New topic"</span></summary>
            <form class="stack" method="post" action=CreateTopic::PATH>
                <TopicFields
                    prefix="new".to_owned()
                    name=typed.name
                    description=typed.description
                    color
                    refusal
                />
                <div><button type="submit" class="button primary" data-testid="create-topic">"Create topic"</button></div>
            </form>
        </details>
    }
}

fn row(topic: Topic, refused: Option<Refused>) -> AnyView {
    let id = topic.id.to_string();
    let open = refused.is_some();
    let Refused { typed, refusal } = refused.unwrap_or_else(Refused::none);
    // What was refused stands in the form alone.
    let in_form = match typed.is_known() {
        true => (typed.name, typed.description, typed.color),
        false => (
            topic.name.clone(),
            topic.description.clone(),
            topic.color.clone(),
        ),
    };
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
                <details class="edit" open=open data-testid="edit-topic">
                    <summary>"Edit"</summary>
                    <form class="stack" method="post" action=UpdateTopic::PATH>
                        <input type="hidden" name="id" value=id.clone()/>
                        <TopicFields
                            prefix
                            name=in_form.0
                            description=in_form.1
                            color=in_form.2
                            refusal
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
