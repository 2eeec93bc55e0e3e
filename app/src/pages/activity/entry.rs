//! One entry, and the list of them with its way on.

use super::{filter::Wanted, words::event_words};
use crate::{
    pages::accounts::device,
    ui::{panel::EmptyState, when::When},
};
use leptos::prelude::*;
use wire::{Activity, ActivityEntry, Person};

/// The entries of a page, and the links to those before and after.
#[component]
pub(super) fn Entries(
    /// The page's address.
    page: &'static str,
    /// What is shown.
    wanted: Wanted,
    /// The entries.
    activity: Activity,
    /// Whether whose account an entry is about goes without saying.
    own: bool,
) -> impl IntoView {
    let newest = wanted
        .cursor
        .is_some()
        .then(|| wanted.newest().address(page));
    let older = activity
        .next_cursor
        .map(|cursor| wanted.going_on_at(cursor).address(page));
    let entries: Vec<AnyView> = activity
        .entries
        .into_iter()
        .map(|entry| row(entry, own))
        .collect();
    view! {
        <ul class="entries card" data-testid="activity" aria-label="Activity">{entries}</ul>
        <footer class="list-foot">
            <nav class="pager" aria-label="Pages">
                {newest.map(|href| view! { <a class="button" rel="first" data-testid="pager-newest" href=href>"Newest"</a> })}
                {older.map(|href| view! { <a class="button" rel="next" data-testid="pager-older" href=href>"Older"</a> })}
            </nav>
        </footer>
    }
    .into_any()
}

/// What a page says instead of entries, and the way back to all of them.
#[component]
pub(super) fn NoEntries(
    /// The page's address.
    page: &'static str,
    /// Why there are none.
    words: &'static str,
) -> impl IntoView {
    view! {
        <EmptyState title="Nothing is here">
            <p>{words}</p>
            <p><a class="button" href=page>"Show everything"</a></p>
        </EmptyState>
    }
    .into_any()
}

fn row(entry: ActivityEntry, own: bool) -> AnyView {
    let words = event_words(&entry.event).to_owned();
    let what = match entry.document {
        Some(document) => {
            let href = format!("/documents/{}", document.id);
            view! { " " <a href=href data-testid="activity-document">{document.name}</a> }
                .into_any()
        }
        None => ().into_any(),
    };
    let whose = match own {
        true => ().into_any(),
        false => {
            let name = entry
                .subject
                .as_ref()
                .map_or_else(|| "Nobody".to_owned(), name);
            view! { <span class="mark" data-testid="activity-subject">{name}</span> " " }.into_any()
        }
    };
    let by = by(entry.actor.as_ref(), entry.subject.as_ref());
    let note = entry.note.map(|note| format!(" ({note})"));
    let from = entry
        .address
        .map(|address| view! { ", from " <span class="tabular">{address}</span> });
    let agent = entry.device;
    let with = agent.as_deref().map(|agent| format!(", {}", device(agent)));
    view! {
        <li class="entry" data-testid="activity-entry" data-event=entry.event>
            <div class="entry-main">
                <p class="entry-name">{whose} {words} {what} {note} {by}</p>
                <p class="muted" title=agent><When at=entry.created_at/> {from} {with}</p>
            </div>
        </li>
    }
    .into_any()
}

fn name(person: &Person) -> String {
    person
        .handle
        .clone()
        .unwrap_or_else(|| "a deleted account".to_owned())
}

/// Who did it, where that was somebody else than it happened to.
fn by(actor: Option<&Person>, subject: Option<&Person>) -> Option<String> {
    let (actor, subject) = (actor?, subject?);
    (actor.id != subject.id).then(|| format!(", by {}", name(actor)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn others_are_named() {
        let person = |id: u128, handle: Option<&str>| Person {
            id: Uuid::from_u128(id),
            handle: handle.map(str::to_owned),
        };
        let (ada, eve) = (person(1, Some("ada")), person(2, Some("eve")));
        assert_eq!(by(Some(&ada), Some(&ada)), None);
        assert_eq!(by(None, Some(&ada)), None);
        assert_eq!(by(Some(&eve), Some(&ada)).as_deref(), Some(", by eve"));
        let gone = person(3, None);
        assert_eq!(
            by(Some(&gone), Some(&ada)).as_deref(),
            Some(", by a deleted account")
        );
    }
}
