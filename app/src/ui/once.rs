//! What is shown once: a token, a link. With a button that copies it.

use leptos::{html::Input, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

/// The text, and the words that say what to do with it.
#[component]
pub(crate) fn ShownOnce(
    /// The text.
    text: String,
    /// What it is.
    label: &'static str,
    /// What to do with it.
    words: &'static str,
    /// The hook that tests find it by.
    testid: &'static str,
) -> impl IntoView {
    let field: NodeRef<Input> = NodeRef::new();
    let copied = RwSignal::new(None::<bool>);
    let copy = move |_| {
        if let Some(field) = field.get_untracked() {
            field.select();
            copied.set(Some(copy_selection()));
        }
    };
    view! {
        <div class="banner good token-made" role="status">
            <div class="stack">
                <p>{words}</p>
                <div class="token-line">
                    <input
                        type="text"
                        node_ref=field
                        value=text
                        readonly
                        autocomplete="off"
                        spellcheck="false"
                        aria-label=label
                        data-testid=testid
                    />
                    <button type="button" class="button js-only" on:click=copy>"Copy"</button>
                </div>
                <p class="muted">
                    {move || {
                        copied
                            .get()
                            .map(|done| if done { "Copied." } else { "It is selected; copy it with the keyboard." })
                    }}
                </p>
            </div>
        </div>
    }
    .into_any()
}

/// The old way of copying: the new one is not there for pages that came over plain http.
fn copy_selection() -> bool {
    document()
        .dyn_into::<HtmlDocument>()
        .is_ok_and(|document| document.exec_command("copy").unwrap_or(false))
}
