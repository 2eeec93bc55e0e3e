//! The list of documents under mouse and keys: choosing several, going from one to the next.

use super::dom;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, MouseEvent};

/// The boxes that choose a document.
const BOXES: &str = "main input.pick";

thread_local! {
    /// The document that was chosen last, where a range begins.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Answers to clicks.
pub(super) fn listen() {
    dom::on("click", |event: MouseEvent| {
        if let Some(clicked) = dom::around::<HtmlInputElement>(&event, "input.pick") {
            if event.shift_key() {
                range_to(&clicked);
            }
            LAST.set(Some(clicked.value()));
        }
    });
    dom::on("change", |event: Event| {
        if let Some(all) = dom::around::<HtmlInputElement>(&event, "[data-pick-all]") {
            choose_all(all.checked());
        } else if dom::around::<HtmlInputElement>(&event, "input.pick").is_some() {
            count();
        }
    });
}

fn boxes() -> Vec<HtmlInputElement> {
    dom::all(BOXES)
}

fn chosen() -> usize {
    boxes().iter().filter(|one| one.checked()).count()
}

fn choose_all(chosen: bool) {
    for one in boxes() {
        one.set_checked(chosen);
    }
    count();
}

/// Chooses, or not, like `end` everything between it and the one that was chosen last.
fn range_to(end: &HtmlInputElement) {
    let boxes = boxes();
    let at = |value: &str| boxes.iter().position(|one| one.value() == value);
    let start = LAST.with_borrow(|last| last.as_deref().and_then(at));
    let Some((start, end_at)) = start.zip(at(&end.value())) else {
        return;
    };
    let (from, to) = (start.min(end_at), start.max(end_at));
    for one in boxes.iter().skip(from).take(to - from + 1) {
        one.set_checked(end.checked());
    }
    count();
}

/// Says how many are chosen.
pub(super) fn count() {
    let (chosen, of) = (chosen(), boxes().len());
    if let Some(place) = dom::first::<Element>("[data-count]") {
        place.set_text_content(Some(&format!("{chosen} selected")));
    }
    if let Some(all) = dom::first::<HtmlInputElement>("[data-pick-all]") {
        all.set_checked(of > 0 && chosen == of);
        all.set_indeterminate(chosen > 0 && chosen < of);
    }
}

fn row_with_focus() -> Option<Element> {
    leptos::prelude::document()
        .active_element()?
        .closest(".row")
        .ok()
        .flatten()
}

fn box_of(row: &Element) -> Option<HtmlInputElement> {
    let found = row.query_selector("input.pick").ok().flatten()?;
    found.dyn_into().ok()
}

/// Does what the key means here; `false` when it means nothing.
pub(super) fn key(key: &str, shift: bool) -> bool {
    match key {
        "j" | "J" => step(1, shift),
        "k" | "K" => step(-1, shift),
        "x" | "X" => choose_row(shift),
        "a" if !boxes().is_empty() => {
            choose_all(true);
            true
        }
        "Escape" if chosen() > 0 => {
            choose_all(false);
            true
        }
        "Delete" => ask_to_delete(),
        _ => false,
    }
}

/// Closes the choice of topics; `false` when it is not open.
pub(super) fn close_topics() -> bool {
    let open = dom::first::<Element>(".bulk-topics[open]");
    let Some(open) = open.filter(|_| chosen() > 0) else {
        return false;
    };
    let _ = open.remove_attribute("open");
    let summary = open.query_selector("summary").ok().flatten();
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
        let _ = summary.focus();
    }
    true
}

/// Moves the focus to the next document or the one before; with shift, chooses both.
fn step(by: isize, shift: bool) -> bool {
    let rows = dom::all::<Element>("main .row");
    let now = row_with_focus().and_then(|row| rows.iter().position(|one| *one == row));
    let next = match now {
        Some(now) => now
            .saturating_add_signed(by)
            .min(rows.len().saturating_sub(1)),
        None => 0,
    };
    let Some(row) = rows.get(next) else {
        return false;
    };
    if shift {
        for row in now.and_then(|now| rows.get(now)).into_iter().chain([row]) {
            if let Some(one) = box_of(row) {
                one.set_checked(true);
                LAST.set(Some(one.value()));
            }
        }
        count();
    }
    let name = row.query_selector(".row-name").ok().flatten();
    if let Some(name) = name.and_then(|name| name.dyn_into::<HtmlElement>().ok()) {
        let _ = name.focus();
    }
    true
}

fn choose_row(shift: bool) -> bool {
    let Some(one) = row_with_focus().and_then(|row| box_of(&row)) else {
        return false;
    };
    one.set_checked(shift || !one.checked());
    if shift {
        range_to(&one);
    }
    LAST.set(Some(one.value()));
    count();
    true
}

/// Asks about what is chosen, or about the document that has the focus.
fn ask_to_delete() -> bool {
    if chosen() == 0 && !choose_row(false) {
        return false;
    }
    let button = dom::first::<HtmlElement>("main .bulk [data-testid=bulk-delete]");
    if let Some(button) = &button {
        button.click();
    }
    button.is_some()
}
