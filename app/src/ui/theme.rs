//! Light, dark, or as the system has it.
//!
//! The choice is kept in the browser; `public/theme.js` applies it before the page is painted, so
//! nothing flashes, and `public/page.js` answers to the buttons. Without JavaScript the page follows the
//! system and the switch is not shown.

use crate::ui::icon::{Icon, Picture};
use leptos::prelude::*;

const CHOICES: [(&str, &str, Picture); 3] = [
    ("light", "Light", Picture::Light),
    ("system", "As the system", Picture::System),
    ("dark", "Dark", Picture::Dark),
];

/// The switch.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let buttons = CHOICES.map(|(theme, label, picture)| {
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=label
                title=label
                aria-pressed="false"
                data-set-theme=theme
            >
                <Icon picture/>
            </button>
        }
    });
    view! {
        <div class="theme-switch js-only" role="group" aria-label="Colours">{buttons.into_iter().collect_view()}</div>
    }
}
