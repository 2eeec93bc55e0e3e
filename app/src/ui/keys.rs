//! What the keys do.

use leptos::prelude::*;

const KEYS: [(&str, &str); 11] = [
    (
        "Ctrl K, or ⌘ K",
        "Go to a page or topic, or do something, by its name",
    ),
    ("/", "Search"),
    ("?", "Show these keys"),
    ("j", "Next document"),
    ("k", "Document before"),
    ("Shift j, Shift k", "Select on the way"),
    ("x", "Select the document, or not"),
    ("Shift x", "Select all from the last one to here"),
    ("a", "Select all on this page"),
    ("Delete", "Delete what is selected, after a question"),
    ("Esc", "Close what is open; select nothing"),
];

/// The list of keys. Closed until `?`; the browser keeps the focus in it and gives it back.
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let rows = KEYS.map(|(key, act)| {
        view! { <div><dt><kbd>{key}</kbd></dt> <dd>{act}</dd></div> }
    });
    view! {
        <dialog id="keys" class="dialog keys" aria-labelledby="keys-title" data-testid="keys">
            <h2 id="keys-title">"Keys"</h2>
            <dl>{rows.into_iter().collect_view()}</dl>
            <p><a href="/settings">"Switch the keys of one letter off"</a></p>
            <form method="dialog"><button type="submit" class="button" autofocus>"Close"</button></form>
        </dialog>
    }
}
