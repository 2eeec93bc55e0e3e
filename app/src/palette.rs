//! The command palette: every page, topic, document and act by typing a few letters of its name.

mod lookup;

use crate::browser::{first, go, show_keys, show_whole};
use leptos::{html::Dialog, prelude::*, task::spawn_local};
use std::{cell::Cell, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement, HtmlElement, KeyboardEvent, NodeList};

/// As many pages, topics and acts as can be seen at once without scrolling far.
const MOST: usize = 12;
/// Documents are looked for by at least so many letters.
const FEWEST_LETTERS: usize = 2;
/// They are looked for when nobody has typed for so long.
const PAUSE: Duration = Duration::from_millis(150);

thread_local! {
    static PALETTE: Cell<Option<State>> = const { Cell::new(None) };
}

/// What a command does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Act {
    Go(String),
    /// Clicks what is on the page, or goes where it is.
    Click(&'static str, &'static str),
    Keys,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Command {
    label: String,
    kind: &'static str,
    act: Act,
}

#[derive(Clone, Copy)]
struct State {
    dialog: NodeRef<Dialog>,
    typed: RwSignal<String>,
    at: RwSignal<usize>,
    commands: RwSignal<Vec<Command>>,
    documents: RwSignal<Vec<Command>>,
    /// What was typed when the documents were looked for.
    looked_for: RwSignal<String>,
}

/// Opens it.
pub(crate) fn open() {
    if let Some(state) = PALETTE.get() {
        state.open();
    }
}

impl State {
    fn open(self) {
        let Some(dialog) = self.dialog.get_untracked().filter(|dialog| !dialog.open()) else {
            return;
        };
        self.type_in(String::new());
        self.commands.set(known());
        // The browser keeps the focus in it, and gives it back afterwards.
        let _ = dialog.show_modal();
        spawn_local(async move {
            if let Ok(topics) = lookup::topics().await {
                self.commands.update(|commands| commands.extend(topics));
            }
        });
    }

    fn type_in(self, typed: String) {
        self.at.set(0);
        self.typed.set(typed.clone());
        if !is_name(&typed) {
            return;
        }
        let is_still = move |typed: &str| self.typed.with_untracked(|now| now == typed);
        let look = move || {
            if !is_still(&typed) {
                return;
            }
            spawn_local(async move {
                let found = lookup::documents(typed.trim()).await;
                if is_still(&typed) {
                    self.documents.set(found.unwrap_or_default());
                    self.looked_for.set(typed);
                }
            });
        };
        set_timeout(look, PAUSE);
    }

    fn found(self) -> Vec<Command> {
        let typed = self.typed.get();
        let fits = |command: &&Command| matches(&command.label, &typed);
        let (commands, documents) = (self.commands.read(), self.documents.read());
        let commands = commands.iter().filter(fits).take(MOST);
        let documents = documents.iter().filter(fits).filter(|_| is_name(&typed));
        commands.chain(documents).cloned().collect()
    }

    /// Whether there is nothing of that name, the documents included.
    fn none(self) -> bool {
        let typed = self.typed.get();
        self.found().is_empty() && (!is_name(&typed) || self.looked_for.get() == typed)
    }

    fn run(self, command: &Command) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
        match &command.act {
            Act::Go(address) => go(address),
            Act::Click(what, elsewhere) => match first::<HtmlElement>(what) {
                Some(element) => element.click(),
                None => go(elsewhere),
            },
            Act::Keys => {
                show_keys();
            }
        }
    }

    /// The id of the command that Enter runs, if there is one.
    fn active(self) -> Option<String> {
        let at = self.at.get();
        (at < self.found().len()).then(|| id_of(at))
    }

    fn move_to(self, at: usize) {
        self.at.set(at);
        if let Some(option) = first::<Element>(&format!("#{}", id_of(at))) {
            show_whole(&option);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let last = untrack(|| self.found().len()).saturating_sub(1);
        let at = self.at.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.move_to(if at >= last { 0 } else { at + 1 }),
            "ArrowUp" => self.move_to(at.checked_sub(1).unwrap_or(last)),
            "Enter" => {
                let found = untrack(|| self.found());
                if let Some(command) = found.get(at) {
                    self.run(command);
                }
            }
            _ => return,
        }
        event.prevent_default();
    }
}

fn id_of(at: usize) -> String {
    format!("command-{at}")
}

/// Whether documents are looked for by it.
fn is_name(typed: &str) -> bool {
    typed.trim().chars().count() >= FEWEST_LETTERS
}

/// Whether the words that were typed all stand in the name.
fn matches(label: &str, typed: &str) -> bool {
    let (label, typed) = (label.to_lowercase(), typed.to_lowercase());
    typed.split_whitespace().all(|word| label.contains(word))
}

/// What is always there: where the rail leads, and a few acts.
fn known() -> Vec<Command> {
    let acts = [
        ("Upload files", Act::Click("#upload", "/documents")),
        (
            "Show documents as a list",
            Act::Go("/documents?view=list".to_owned()),
        ),
        (
            "Show documents as a grid",
            Act::Go("/documents?view=grid".to_owned()),
        ),
        (
            "Light colours",
            Act::Click("[data-set-theme=light]", "/settings"),
        ),
        (
            "Dark colours",
            Act::Click("[data-set-theme=dark]", "/settings"),
        ),
        (
            "Colours as the system",
            Act::Click("[data-set-theme=system]", "/settings"),
        ),
        ("Show the keys", Act::Keys),
        ("Sign out", Act::Click("[data-testid=sign-out]", "/account")),
    ];
    let acts = acts.into_iter().map(|(label, act)| Command {
        label: label.to_owned(),
        kind: "Command",
        act,
    });
    places().into_iter().chain(acts).collect()
}

fn places() -> Vec<Command> {
    let links = document().query_selector_all(".rail-nav a");
    links.map(|links| links_of(&links)).unwrap_or_default()
}

fn links_of(links: &NodeList) -> Vec<Command> {
    (0..links.length())
        .filter_map(|at| links.get(at)?.dyn_into::<HtmlAnchorElement>().ok())
        .map(|link| Command {
            label: name_of(&link),
            kind: "Page",
            act: Act::Go(link.pathname()),
        })
        .collect()
}

/// One's own page bears one's handle.
fn name_of(link: &HtmlAnchorElement) -> String {
    let text = link.text_content().unwrap_or_default();
    match link.pathname().as_str() {
        "/account" => format!("Account ({})", text.trim()),
        _ => text.trim().to_owned(),
    }
}

/// The palette. Closed, and so invisible, until `Ctrl K`.
#[island]
pub(crate) fn Palette() -> impl IntoView {
    let state = State {
        dialog: NodeRef::new(),
        typed: RwSignal::new(String::new()),
        at: RwSignal::new(0),
        commands: RwSignal::new(Vec::new()),
        documents: RwSignal::new(Vec::new()),
        looked_for: RwSignal::new(String::new()),
    };
    Effect::new(move || {
        PALETTE.set(Some(state));
        // It is the last island: from here on everything answers.
        crate::browser::mark_hydrated();
    });
    view! {
        <dialog class="palette" aria-label="Commands" data-testid="palette" node_ref=state.dialog>
            <input
                type="text"
                role="combobox"
                aria-label="Page, topic, document or command"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || state.active()
                autocomplete="off"
                spellcheck="false"
                placeholder="Page, topic, document or command"
                prop:value=move || state.typed.get()
                on:input=move |event| state.type_in(event_target_value(&event))
                on:keydown=move |event| state.key(&event)
            />
            <ul id="palette-list" role="listbox" aria-label="Commands">
                {move || {
                    state
                        .found()
                        .into_iter()
                        .enumerate()
                        .map(|(at, command)| option(state, at, command))
                        .collect_view()
                }}
            </ul>
            <p class="muted" role="status">{move || state.none().then_some("Nothing has that name.")}</p>
        </dialog>
    }
}

fn option(state: State, at: usize, command: Command) -> impl IntoView {
    let (label, kind) = (command.label.clone(), command.kind);
    let selected = move || {
        if state.at.get() == at {
            "true"
        } else {
            "false"
        }
    };
    view! {
        <li
            role="option"
            id=id_of(at)
            aria-selected=selected
            on:click=move |_| state.run(&command)
        >
            <span>{label}</span>
            <span class="muted">{kind}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_to_stand_in_the_name() {
        assert!(matches("Show documents as a grid", "grid doc"));
        assert!(matches("Häuser", "häu"));
        assert!(matches("Topics", ""));
        assert!(!matches("Topics", "topics x"));
    }
}
