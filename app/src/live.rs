//! What the server says while a page is open: which documents changed.
//!
//! The event says only *that* something changed; whoever shows it asks for the new state. So an
//! event that is lost or comes twice does no harm.

use crate::who::Who;
use leptos::prelude::*;
use std::{cell::RefCell, time::Duration};
use uuid::Uuid;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};
use wire::DocumentEvent;

const EVENTS: &str = "/api/events";

/// Events that come within this time are told together.
const GATHER: Duration = Duration::from_millis(120);

thread_local! {
    static GATHERED: RefCell<Vec<DocumentEvent>> = const { RefCell::new(Vec::new()) };
}

/// What changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Change {
    /// Nothing yet.
    #[default]
    Nothing,
    /// The connection is new: anything may have changed before it stood.
    Anything,
    /// These documents.
    Documents(Vec<DocumentEvent>),
}

impl Change {
    /// Whether that document may look different now.
    pub(crate) fn touches(&self, id: Uuid) -> bool {
        match self {
            Self::Nothing => false,
            Self::Anything => true,
            Self::Documents(events) => events.iter().any(|event| event.id == id),
        }
    }

    /// What a screen reader says of it; silence for the steps in between.
    fn spoken(&self) -> Option<String> {
        let Self::Documents(events) = self else {
            return None;
        };
        let ready = events
            .iter()
            .filter(|event| event.status == "ready")
            .count();
        let failed = events
            .iter()
            .filter(|event| event.status == "failed")
            .count();
        match (ready, failed) {
            (0, 0) => None,
            (1, 0) => Some("A document is ready.".to_owned()),
            (_, 0) => Some(format!("{ready} documents are ready.")),
            _ => Some("A document needs attention.".to_owned()),
        }
    }
}

/// The page's line to the server; a context.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    change: RwSignal<Change>,
    spoken: RwSignal<String>,
}

impl Live {
    /// Makes it known to every page, and connects once the page stands in a browser and somebody is
    /// signed in: nobody else is told anything.
    pub(crate) fn provide(who: Who) {
        let live = Self {
            change: RwSignal::new(Change::Nothing),
            spoken: RwSignal::new(String::new()),
        };
        provide_context(live);
        Effect::new(move |connected: Option<bool>| {
            if connected == Some(true) {
                return true;
            }
            let somebody = who.is_somebody();
            if somebody {
                live.connect();
            }
            somebody
        });
    }

    /// Calls `act` for every change from now on.
    pub(crate) fn on_change(act: impl Fn(&Change) + 'static) {
        let Some(live) = use_context::<Self>() else {
            return;
        };
        // The first run only listens: what it sees happened before this page was asked for.
        Effect::new(move |earlier: Option<()>| {
            let change = live.change.get();
            if earlier.is_some() {
                untrack(|| act(&change));
            }
        });
    }

    fn connect(self) {
        let Ok(source) = EventSource::new(EVENTS) else {
            return;
        };
        let hello = Closure::<dyn FnMut()>::new(move || self.change.set(Change::Anything));
        let document = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(event) = event
                .data()
                .as_string()
                .and_then(|data| serde_json::from_str(&data).ok())
            {
                self.gather(event);
            }
        });
        let _ = source.add_event_listener_with_callback("hello", hello.as_ref().unchecked_ref());
        let _ =
            source.add_event_listener_with_callback("document", document.as_ref().unchecked_ref());
        // They live as long as the page does; the browser closes the connection with it.
        hello.forget();
        document.forget();
    }

    fn gather(self, event: DocumentEvent) {
        let first = GATHERED.with_borrow_mut(|gathered| {
            gathered.push(event);
            gathered.len() == 1
        });
        if first {
            set_timeout(
                move || self.tell(Change::Documents(GATHERED.take())),
                GATHER,
            );
        }
    }

    fn tell(self, change: Change) {
        if let Some(sentence) = change.spoken() {
            self.spoken.set(sentence);
        }
        self.change.set(change);
    }
}

/// Says to screen readers what moved on the page.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let live = use_context::<Live>();
    view! {
        <p class="visually-hidden" role="status" aria-live="polite">
            {move || live.map(|live| live.spoken.get())}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: u128, status: &str) -> DocumentEvent {
        DocumentEvent {
            id: Uuid::from_u128(id),
            status: status.to_owned(),
            stage: None,
        }
    }

    #[test]
    fn a_change_touches_the_documents_it_names() {
        let change = Change::Documents(vec![event(1, "processing")]);
        assert!(change.touches(Uuid::from_u128(1)));
        assert!(!change.touches(Uuid::from_u128(2)));
        assert!(Change::Anything.touches(Uuid::from_u128(2)));
        assert!(!Change::Nothing.touches(Uuid::from_u128(1)));
    }

    #[test]
    fn only_the_ends_are_spoken() {
        assert_eq!(
            Change::Documents(vec![event(1, "processing")]).spoken(),
            None
        );
        assert_eq!(
            Change::Documents(vec![event(1, "ready")])
                .spoken()
                .as_deref(),
            Some("A document is ready.")
        );
        let both = Change::Documents(vec![event(1, "ready"), event(2, "failed")]);
        assert_eq!(
            both.spoken().as_deref(),
            Some("A document needs attention.")
        );
    }
}
