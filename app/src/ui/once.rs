//! What is shown once: a token, a link. With a button that copies it.

use leptos::prelude::*;

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
    view! {
        <div class="banner good token-made" role="status" data-copied>
            <div class="stack">
                <p>{words}</p>
                <div class="token-line">
                    <input
                        type="text"
                        value=text
                        readonly
                        autocomplete="off"
                        spellcheck="false"
                        aria-label=label
                        data-testid=testid
                    />
                    <button type="button" class="button js-only" data-copy>"Copy"</button>
                </div>
                <p class="muted" data-said></p>
            </div>
        </div>
    }
    .into_any()
}
