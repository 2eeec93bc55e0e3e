//! Short ways through the browser's own interfaces.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, NodeList, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Calls `act` whenever that happens anywhere in the page, for as long as the page is there.
pub(super) fn on<E: JsCast>(kind: &str, act: impl Fn(E) + 'static) {
    let act = Closure::<dyn Fn(Event)>::new(move |event: Event| act(event.unchecked_into()));
    let _ = document().add_event_listener_with_callback(kind, act.as_ref().unchecked_ref());
    act.forget();
}

/// The element of that id, if it is of that kind.
pub(super) fn by_id<E: JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The first element that the selector finds, if it is of that kind.
pub(crate) fn first<E: JsCast>(selector: &str) -> Option<E> {
    let found = document().query_selector(selector).ok().flatten()?;
    found.dyn_into().ok()
}

/// Every element of that kind that the selector finds.
pub(super) fn all<E: JsCast>(selector: &str) -> Vec<E> {
    document()
        .query_selector_all(selector)
        .map(|found| items(&found))
        .unwrap_or_default()
}

fn items<E: JsCast>(list: &NodeList) -> Vec<E> {
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

/// The element around the event's own that the selector finds.
pub(super) fn around<E: JsCast>(event: &Event, selector: &str) -> Option<E> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let found = target.closest(selector).ok().flatten()?;
    found.dyn_into().ok()
}

/// Scrolls what is around it no further than needed to show it.
pub(crate) fn show_whole(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Tells the page's own script.
pub(super) fn say(what: &str) {
    if let Ok(event) = Event::new(what) {
        let _ = document().dispatch_event(&event);
    }
}
