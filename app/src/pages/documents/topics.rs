//! The topics of a document: who filed it there, why and how sure; and the form that changes them.

use crate::{
    format,
    server_fns::documents::SetDocumentTopics,
    ui::{chip::TopicChip, status::is_settled},
};
use domain::{AssignedBy, ProviderName, Stage};
use leptos::{prelude::*, server_fn::ServerFn};
use wire::{AssignedTopic, Document, TopicChoice};

/// The topics, and the form.
#[component]
pub(super) fn TopicsOf(
    /// The document.
    document: Document,
    /// All topics.
    topics: Vec<TopicChoice>,
) -> impl IntoView {
    let none = document.assigned.is_empty().then(|| {
        view! { <p class="muted" data-testid="classification-note">{why_unfiled(&document)}</p> }
    });
    view! {
        <section class="card">
            <h2>"Topics"</h2>
            {none}
            <ul class="assigned">
                {document.assigned.clone().into_iter().map(|topic| view! { <Assigned topic/> }).collect_view()}
            </ul>
            <EditTopics document topics/>
        </section>
    }
    .into_any()
}

fn why_unfiled(document: &Document) -> String {
    if is_settled(document) {
        let note = document.classification_note.clone();
        return note.unwrap_or_else(|| "Not filed under any topic.".to_owned());
    }
    if document.stage.as_deref() == Some(Stage::Filing.as_str()) {
        return "It is being filed.".to_owned();
    }
    "It will be filed once it has been read.".to_owned()
}

#[component]
fn Assigned(topic: AssignedTopic) -> impl IntoView {
    let by_person = AssignedBy::parse(&topic.by) == Some(AssignedBy::Person);
    let who = who_filed(by_person, topic.provider.as_deref());
    let built_in = topic.provider.as_deref() == Some(ProviderName::Local.as_str());
    let sure = topic.confidence.filter(|_| !by_person);
    let reason = topic
        .reason
        .filter(|reason| !by_person && !reason.is_empty());
    view! {
        <li class="assigned-topic" data-testid="assigned-topic" data-by=topic.by>
            <div class="assigned-head">
                <TopicChip name=topic.name color=topic.color/>
                <span class="muted">{who}</span>
            </div>
            {reason.map(|reason| reason_view(reason, built_in))}
            {sure
                .map(|sure| {
                    view! {
                        <p class="sure">
                            <meter min="0" max="1" value=format!("{sure:.2}") aria-label="How sure"></meter>
                            <span class="muted tabular">{how_sure(sure, built_in)}</span>
                        </p>
                    }
                })}
        </li>
    }
}

/// What was read off the document: a sentence of it, or words that stand in it here and there.
fn reason_view(reason: String, built_in: bool) -> AnyView {
    if built_in {
        view! { <p class="reason words">"Words: " {reason}</p> }.into_any()
    } else {
        view! { <blockquote class="reason">{reason}</blockquote> }.into_any()
    }
}

/// A model names its own share; that of the built-in rules is a score, which a word says better.
fn how_sure(share: f32, built_in: bool) -> String {
    let percent = format::percent(share);
    if !built_in {
        return format!("{percent} sure");
    }
    let word = match share {
        0.8.. => "sure",
        0.5.. => "fairly sure",
        _ => "unsure",
    };
    format!("{percent}, {word}")
}

fn who_filed(by_person: bool, provider: Option<&str>) -> String {
    if by_person {
        return "set by you".to_owned();
    }
    match provider {
        None => "filed automatically".to_owned(),
        Some(name) => match ProviderName::parse(name) {
            Some(ProviderName::Local) => "filed by the built-in rules".to_owned(),
            Some(provider) => format!("filed by {}", provider.spoken()),
            None => format!("filed by {name}"),
        },
    }
}

#[component]
fn EditTopics(document: Document, topics: Vec<TopicChoice>) -> impl IntoView {
    if topics.is_empty() {
        return view! { <p><a href="/topics">"Create the first topic"</a></p> }.into_any();
    }
    let chosen = document.topics;
    let boxes = topics
        .into_iter()
        .map(|topic| {
            let checked = chosen.contains(&topic.name);
            view! {
                <label class="check">
                    <input type="checkbox" name="topics[]" value=topic.name.clone() checked=checked/>
                    <span>{topic.name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <details class="edit" data-testid="edit-topics">
            <summary>"Edit topics"</summary>
            <form class="stack" method="post" action=SetDocumentTopics::PATH>
                <input type="hidden" name="id" value=document.id.to_string()/>
                <fieldset class="checks">
                    <legend class="visually-hidden">"Topics of this document"</legend>
                    {boxes}
                </fieldset>
                <p class="muted small-text">"What you set here is yours; the machine does not change it."</p>
                <div><button type="submit" class="button primary" data-testid="save-topics">"Save topics"</button></div>
            </form>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_filed_it_is_said_in_words() {
        assert_eq!(who_filed(true, Some("local")), "set by you");
        assert_eq!(
            who_filed(false, Some("local")),
            "filed by the built-in rules"
        );
        assert_eq!(who_filed(false, Some("lmstudio")), "filed by LM Studio");
        assert_eq!(who_filed(false, Some("other")), "filed by other");
        assert_eq!(who_filed(false, None), "filed automatically");
    }

    #[test]
    fn how_sure_it_is_has_a_word_for_scores() {
        assert_eq!(how_sure(1.0, true), "99 %, sure");
        assert_eq!(how_sure(0.8, true), "80 %, sure");
        assert_eq!(how_sure(0.79, true), "79 %, fairly sure");
        assert_eq!(how_sure(0.49, true), "49 %, unsure");
        assert_eq!(how_sure(1.0, false), "99 % sure");
    }
}
