//! Light, dark, or as the system has it.
//!
//! The choice is kept in the browser; `public/theme.js` applies it before the page is painted, so
//! nothing flashes. Without JavaScript the page follows the system and the switch is not shown.

use crate::ui::icon::{Icon, Picture};
use leptos::prelude::*;

const KEY: &str = "theme";
const CHOICES: [(&str, &str, Picture); 3] = [
    ("light", "Light", Picture::Light),
    ("system", "As the system", Picture::System),
    ("dark", "Dark", Picture::Dark),
];

/// The switch.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new("system");
    Effect::new(move || chosen.set(stored()));
    let choose = move |theme: &'static str| {
        chosen.set(theme);
        store(theme);
    };
    view! {
        <div class="theme-switch js-only" role="group" aria-label="Colours">
            {CHOICES
                .into_iter()
                .map(|(theme, label, picture)| {
                    view! {
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=label
                            title=label
                            aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                            on:click=move |_| choose(theme)
                        >
                            <Icon picture/>
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

fn stored() -> &'static str {
    let value = window()
        .local_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(KEY).ok().flatten());
    CHOICES
        .into_iter()
        .map(|(theme, ..)| theme)
        .find(|theme| value.as_deref() == Some(*theme))
        .unwrap_or("system")
}

fn store(theme: &str) {
    // A browser may forbid storage; the choice then holds for this page.
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(KEY, theme);
    }
    if let Some(root) = document().document_element() {
        let _ = if theme == "system" {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
}
