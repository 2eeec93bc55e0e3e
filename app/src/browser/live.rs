//! What the server says while a page is open: which documents changed.
//!
//! The event says only *that* something changed; the page then shows itself anew. So an event that is
//! lost or comes twice does no harm. Nobody listens for a page that is not seen: it looks again when it
//! is.

use super::{dom, visit};
use leptos::prelude::{document, set_timeout};
use std::{
    cell::{Cell, RefCell},
    time::Duration,
};
use uuid::Uuid;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventSource, MessageEvent};
use wire::DocumentEvent;

const EVENTS: &str = "/api/events";

/// What is on its way somewhere.
const MOVING: &str = "main :is([data-status=pending], [data-status=processing], [data-state=queued], [data-state=running])";

/// Events that come within this time are told together.
const GATHER: Duration = Duration::from_millis(120);

thread_local! {
    static GATHERED: RefCell<Vec<DocumentEvent>> = const { RefCell::new(Vec::new()) };
    static SOURCE: RefCell<Option<EventSource>> = const { RefCell::new(None) };
    /// Whether the page came from the server just now.
    static FRESH: Cell<bool> = const { Cell::new(true) };
}

/// Listens from now on, while the page is seen.
pub(super) fn connect() {
    dom::on("visibilitychange", |_: Event| listen_while_seen());
    listen_while_seen();
}

fn listen_while_seen() {
    if document().hidden() {
        FRESH.set(false);
        if let Some(source) = SOURCE.take() {
            source.close();
        }
    } else if SOURCE.with_borrow(Option::is_none) {
        SOURCE.set(listen());
    }
}

fn listen() -> Option<EventSource> {
    let source = EventSource::new(EVENTS).ok()?;
    // The connection is new: anything may have changed before it stood. Not so where the page came just
    // now and nothing on it moves.
    let hello = Closure::<dyn FnMut()>::new(|| {
        let settled = FRESH.take() && dom::first::<Element>(MOVING).is_none();
        if wanted().is_some() && !settled {
            visit::refresh();
        }
    });
    let document = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let data = event.data().as_string();
        if let Some(event) = data.and_then(|data| serde_json::from_str(&data).ok()) {
            gather(event);
        }
    });
    let _ = source.add_event_listener_with_callback("hello", hello.as_ref().unchecked_ref());
    let _ = source.add_event_listener_with_callback("document", document.as_ref().unchecked_ref());
    // The connection keeps them; there is one each time that somebody comes back to the page.
    let _ = (hello.into_js_value(), document.into_js_value());
    Some(source)
}

/// A file was stored: lists look again.
pub(crate) fn stored() {
    if wanted().is_some_and(|of| of.is_empty()) {
        visit::refresh();
    }
}

fn gather(event: DocumentEvent) {
    let first = GATHERED.with_borrow_mut(|gathered| {
        gathered.push(event);
        gathered.len() == 1
    });
    if first {
        set_timeout(|| tell(&GATHERED.take()), GATHER);
    }
}

fn tell(events: &[DocumentEvent]) {
    if let (Some(sentence), Some(place)) = (spoken(events), dom::by_id::<Element>("spoken")) {
        place.set_text_content(Some(&sentence));
    }
    if wanted().is_some_and(|of| touches(&of, events)) {
        visit::refresh();
    }
}

/// What the page wants to hear of: nothing, everything (an empty word), or one document.
fn wanted() -> Option<String> {
    dom::first::<Element>("main [data-live]")?.get_attribute("data-live")
}

fn touches(wanted: &str, events: &[DocumentEvent]) -> bool {
    match wanted.parse::<Uuid>() {
        Ok(id) => events.iter().any(|event| event.id == id),
        Err(_) => true,
    }
}

/// What a screen reader says of it; silence for the steps in between.
fn spoken(events: &[DocumentEvent]) -> Option<String> {
    let of = |status: &str| events.iter().filter(|event| event.status == status).count();
    match (of("ready"), of("failed")) {
        (0, 0) => None,
        (1, 0) => Some("A document is ready.".to_owned()),
        (ready, 0) => Some(format!("{ready} documents are ready.")),
        _ => Some("A document needs attention.".to_owned()),
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
    fn a_page_hears_of_what_it_shows() {
        let events = [event(1, "processing")];
        assert!(touches(&Uuid::from_u128(1).to_string(), &events));
        assert!(!touches(&Uuid::from_u128(2).to_string(), &events));
        assert!(touches("", &events));
    }

    #[test]
    fn only_the_ends_are_spoken() {
        assert_eq!(spoken(&[event(1, "processing")]), None);
        assert_eq!(
            spoken(&[event(1, "ready")]).as_deref(),
            Some("A document is ready.")
        );
        let both = [event(1, "ready"), event(2, "failed")];
        assert_eq!(
            spoken(&both).as_deref(),
            Some("A document needs attention.")
        );
    }
}
