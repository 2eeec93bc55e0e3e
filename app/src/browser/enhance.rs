//! Small things that pages ask for by attributes.

use super::dom;
use crate::uploads::Uploads;
use leptos::prelude::document;
use std::cell::Cell;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement};

thread_local! {
    static UPLOADS: Cell<Option<Uploads>> = const { Cell::new(None) };
}

/// Hands over the tray, which takes the files that are chosen.
pub(crate) fn start_uploads(uploads: Uploads) {
    UPLOADS.set(Some(uploads));
    // What was chosen before the page answered.
    if let Some(input) = dom::first::<HtmlInputElement>(".upload-input") {
        take(&input);
    }
}

/// Answers to what is chosen.
pub(super) fn listen() {
    dom::on("change", |event: Event| {
        if let Some(select) = dom::around::<HtmlSelectElement>(&event, "select[data-submit]") {
            if let Some(form) = select.form() {
                let _ = form.request_submit();
            }
        } else if let Some(input) = dom::around::<HtmlInputElement>(&event, ".upload-input") {
            take(&input);
        }
    });
}

fn take(input: &HtmlInputElement) {
    let Some(uploads) = UPLOADS.get() else {
        return;
    };
    if let Some(files) = input.files().filter(|files| files.length() > 0) {
        uploads.add(&files);
        // The same file can be chosen again, after a failure for instance.
        input.set_value("");
    }
}

/// Fills in what only makes sense with scripts.
pub(super) fn fill() {
    for input in dom::all::<HtmlInputElement>(".upload-input") {
        input.set_multiple(true);
    }
    for place in dom::all::<Element>("[data-frame]") {
        if place.child_element_count() == 0 {
            frame(&place);
        }
    }
}

/// The browser's own viewer.
fn frame(place: &Element) {
    let Ok(frame) = document().create_element("iframe") else {
        return;
    };
    frame.set_class_name("preview-frame");
    for (name, from) in [("src", "data-frame"), ("title", "data-title")] {
        let value = place.get_attribute(from).unwrap_or_default();
        let _ = frame.set_attribute(name, &value);
    }
    let _ = frame.set_attribute("loading", "lazy");
    let _ = place.append_child(&frame);
}
