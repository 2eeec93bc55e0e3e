//! What can be done with several documents at once: a bar that is there while some are chosen.

use crate::{
    format,
    server_fns::bulk::{
        AddTopicsToDocuments, ClassifyDocuments, DeleteDocuments, TakeTopicsOffDocuments, UndoBatch,
    },
    ui::confirm::Confirm,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::params::ParamsMap;
use uuid::Uuid;
use wire::TopicChoice;

/// The form that the boxes of the rows belong to. Each button says where it goes.
#[component]
pub(super) fn BulkBar(
    /// What can be chosen.
    topics: Vec<TopicChoice>,
    /// The address of the list.
    back: String,
) -> impl IntoView {
    view! {
        <section class="bulk" aria-label="Selected documents" data-testid="bulk">
            <form id="bulk" method="post" action=ClassifyDocuments::PATH>
                <input type="hidden" name="back" value=back/>
                {enter_does_nothing()}
                <p class="bulk-count tabular" role="status" data-count>"Selected"</p>
                <button
                    type="submit"
                    class="button small"
                    formaction=ClassifyDocuments::PATH
                    data-testid="bulk-classify"
                >
                    "Classify again"
                </button>
                {choose_topics(topics)}
                <Confirm
                    id="bulk-delete".to_owned()
                    button="Delete"
                    label="Delete the selected documents".to_owned()
                    testid="bulk-delete"
                    question="Delete the selected documents?".to_owned()
                    consequence="The files, their text and their topics are removed for good."
                >
                    <button
                        type="submit"
                        class="button danger"
                        formaction=DeleteDocuments::PATH
                        data-testid="bulk-confirm-delete"
                    >
                        "Delete for good"
                    </button>
                </Confirm>
            </form>
        </section>
    }
    .into_any()
}

/// In a box, Enter presses the first button of its form. This one does nothing: no text goes to a
/// provider unless somebody chose so.
fn enter_does_nothing() -> AnyView {
    view! {
        <button
            type="submit"
            class="visually-hidden"
            formmethod="dialog"
            tabindex="-1"
            aria-hidden="true"
        ></button>
    }
    .into_any()
}

fn choose_topics(topics: Vec<TopicChoice>) -> Option<AnyView> {
    if topics.is_empty() {
        return None;
    }
    let boxes = topics.into_iter().map(|topic| {
        view! {
            <label class="check">
                <input type="checkbox" name="topics[]" value=topic.name.clone()/>
                <span>{topic.name}</span>
            </label>
        }
    });
    let view = view! {
        <details class="bulk-topics" data-testid="bulk-topics">
            <summary class="button small">"Set topics"</summary>
            <div class="bulk-panel stack">
                <fieldset class="checks">
                    <legend class="visually-hidden">"Topics of the selected documents"</legend>
                    {boxes.collect_view()}
                </fieldset>
                <div class="actions">
                    <button
                        type="submit"
                        class="button primary small"
                        formaction=AddTopicsToDocuments::PATH
                        data-testid="bulk-add-topics"
                    >
                        "Add"
                    </button>
                    <button
                        type="submit"
                        class="button small"
                        formaction=TakeTopicsOffDocuments::PATH
                        data-testid="bulk-remove-topics"
                    >
                        "Take off"
                    </button>
                </div>
            </div>
        </details>
    };
    Some(view.into_any())
}

/// What was done, once the list comes back, and the way to undo it.
pub(super) fn said(query: &ParamsMap, back: String) -> AnyView {
    let sentence = sentence(query);
    let batch = query.get("batch").and_then(|id| id.parse::<Uuid>().ok());
    let undo = batch.filter(|_| sentence.is_some()).map(|id| {
        view! {
            <form method="post" action=UndoBatch::PATH>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="back" value=back.clone()/>
                <button type="submit" class="button small" data-testid="undo">"Undo"</button>
            </form>
        }
    });
    let shown = sentence.is_some();
    view! {
        <div class="banner good" hidden=!shown data-told>
            <p role="status" data-testid="bulk-done">{sentence}</p>
            {undo}
            <a class="button quiet small" href=back data-testid="dismiss">"Dismiss"</a>
        </div>
    }
    .into_any()
}

fn sentence(query: &ParamsMap) -> Option<String> {
    // What went wrong came after it.
    if query.get("__err").is_some() {
        return None;
    }
    let number = |name: &str| query.get(name).and_then(|count| count.parse::<i64>().ok());
    words(
        &query.get("done")?,
        number("count")?,
        number("left").unwrap_or_default(),
    )
}

fn words(done: &str, count: i64, left: i64) -> Option<String> {
    let (is, are) = match done {
        "deleted" => ("is deleted", "are deleted"),
        "classified" => ("is being filed again", "are being filed again"),
        "added" => (
            "is under the topics you chose",
            "are under the topics you chose",
        ),
        "removed" => (
            "is off the topics you chose",
            "are off the topics you chose",
        ),
        "undone" => ("has its topics back", "have their topics back"),
        _ => return None,
    };
    let what = if count == 1 { is } else { are };
    let done = format!("{} {what}.", format::counted(count, "document"));
    Some(match left {
        ..=0 => done,
        1 => format!("{done} One was left: it is gone, or not ready."),
        _ => format!("{done} {left} were left: they are gone, or not ready."),
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn what_was_done_is_said_with_what_was_left() {
        assert_eq!(
            words("deleted", 1, 0).as_deref(),
            Some("1 document is deleted.")
        );
        assert_eq!(
            words("classified", 3, 2).as_deref(),
            Some("3 documents are being filed again. 2 were left: they are gone, or not ready.")
        );
        assert_eq!(words("<b>", 1, 0), None);
    }
}
