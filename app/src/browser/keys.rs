//! The keys that do something on every page. `?` lists them.

use super::{dom, list};
use crate::palette;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlInputElement, KeyboardEvent, MouseEvent};

/// Answers to keys, and to the buttons that do the same.
pub(super) fn listen() {
    dom::on("keydown", |event: KeyboardEvent| {
        if pressed(&event) {
            event.prevent_default();
        }
    });
    dom::on("click", |event: MouseEvent| {
        if dom::around::<Element>(&event, "[data-palette]").is_some() {
            palette::open();
        } else if dom::around::<Element>(&event, "[data-keys]").is_some() {
            show_keys();
        }
    });
}

fn pressed(event: &KeyboardEvent) -> bool {
    let key = event.key();
    if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
        palette::open();
        return true;
    }
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    if modified || event.default_prevented() || something_is_on_top() {
        return false;
    }
    // What is open innermost closes first.
    if key == "Escape" && list::close_topics() {
        return true;
    }
    if is_typing(event) || (is_character(&key) && are_off()) {
        return false;
    }
    match key.as_str() {
        "/" => find(),
        "?" => show_keys(),
        key => list::key(key, event.shift_key()),
    }
}

/// Whether keys are for what is open on top of the page.
fn something_is_on_top() -> bool {
    dom::first::<Element>("dialog[open], :popover-open").is_some()
}

/// Whether keys are for the field that has the focus, or for the choice of topics.
fn is_typing(event: &KeyboardEvent) -> bool {
    let fields = "input:not([type=checkbox]), textarea, select, .bulk-panel";
    dom::around::<Element>(event, fields).is_some()
}

/// Whether it is a key that speech input or a slip may press: those can be switched off.
fn is_character(key: &str) -> bool {
    key.chars().count() == 1
}

/// Whether somebody switched them off, which the page's own script keeps.
fn are_off() -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.has_attribute("data-keys-off"))
}

fn find() -> bool {
    let Some(field) = dom::by_id::<HtmlInputElement>("search") else {
        return false;
    };
    let _ = field.focus();
    field.select();
    true
}

/// Shows the list of keys; the browser keeps the focus in it and gives it back afterwards.
pub(crate) fn show_keys() -> bool {
    let dialog = document()
        .get_element_by_id("keys")
        .and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
    dialog.is_some_and(|dialog| dialog.show_modal().is_ok())
}
