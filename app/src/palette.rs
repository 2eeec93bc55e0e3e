//! The command palette: every page, topic and act by typing a few letters of its name.

use crate::browser::{first, go, show_keys};
use leptos::{html::Dialog, prelude::*, task::spawn_local};
use serde::Deserialize;
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlAnchorElement, HtmlElement, KeyboardEvent, NodeList, Response};

/// As many as can be seen at once without scrolling far.
const MOST: usize = 12;

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
        self.typed.set(String::new());
        self.at.set(0);
        self.commands.set(known());
        // The browser keeps the focus in it, and gives it back afterwards.
        let _ = dialog.show_modal();
        spawn_local(async move {
            if let Ok(topics) = topics().await {
                self.commands.update(|commands| commands.extend(topics));
            }
        });
    }

    fn found(self) -> Vec<Command> {
        let typed = self.typed.get().to_lowercase();
        let fits = |command: &&Command| matches(&command.label, &typed);
        let commands = self.commands.read();
        commands.iter().filter(fits).take(MOST).cloned().collect()
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

    fn key(self, event: &KeyboardEvent) {
        let last = untrack(|| self.found().len()).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => self
                .at
                .update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => self.at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" => {
                let found = untrack(|| self.found());
                if let Some(command) = found.get(self.at.get_untracked()) {
                    self.run(command);
                }
            }
            _ => return,
        }
        event.prevent_default();
    }
}

/// Whether the words that were typed all stand in the name.
fn matches(label: &str, typed: &str) -> bool {
    let label = label.to_lowercase();
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

#[derive(Deserialize)]
struct Topics {
    topics: Vec<TopicName>,
}

#[derive(Deserialize)]
struct TopicName {
    name: String,
}

async fn topics() -> Result<Vec<Command>, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str("/api/topics"))
        .await?
        .dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    let list: Topics =
        serde_json::from_str(&text.as_string().unwrap_or_default()).map_err(|_| JsValue::NULL)?;
    let commands = list.topics.into_iter().map(|topic| Command {
        act: Act::Go(format!(
            "/documents?topic={}",
            crate::format::query_value(&topic.name)
        )),
        label: topic.name,
        kind: "Topic",
    });
    Ok(commands.collect())
}

/// The palette. Closed, and so invisible, until `Ctrl K`.
#[island]
pub(crate) fn Palette() -> impl IntoView {
    let state = State {
        dialog: NodeRef::new(),
        typed: RwSignal::new(String::new()),
        at: RwSignal::new(0),
        commands: RwSignal::new(Vec::new()),
    };
    Effect::new(move || {
        PALETTE.set(Some(state));
        // It is the last island: from here on everything answers.
        crate::browser::mark_hydrated();
    });
    let none = move || state.found().is_empty();
    view! {
        <dialog class="palette" aria-label="Commands" data-testid="palette" node_ref=state.dialog>
            <input
                type="text"
                role="combobox"
                aria-label="Page, topic or command"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("command-{}", state.at.get())
                autocomplete="off"
                spellcheck="false"
                placeholder="Page, topic or command"
                prop:value=move || state.typed.get()
                on:input=move |event| {
                    state.typed.set(event_target_value(&event));
                    state.at.set(0);
                }
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
            <p class="muted" role="status">{move || none().then_some("Nothing has that name.")}</p>
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
            id=format!("command-{at}")
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
