//! The way around: a rail at the left, a bar at the bottom of a phone.

use crate::ui::{
    icon::{Icon, Picture},
    theme::ThemeSwitch,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Where everything is.
#[component]
pub(crate) fn Rail() -> impl IntoView {
    view! {
        <header class="rail">
            <a class="brand" href="/documents">
                <svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
                    <path class="brand-sheet" d="M7 3h13l6 6v20H7z"></path>
                    <path class="brand-fold" d="M20 3v6h6"></path>
                    <path class="brand-key" d="M16 14a3 3 0 0 1 1.5 5.6V24h-3v-4.4A3 3 0 0 1 16 14"></path>
                </svg>
                <span>"DocuVault"</span>
            </a>
            <nav class="rail-nav" aria-label="Main">
                <A href="/documents"><Icon picture=Picture::Documents/> <span>"Documents"</span></A>
                <A href="/topics"><Icon picture=Picture::Topics/> <span>"Topics"</span></A>
                <A href="/settings"><Icon picture=Picture::Settings/> <span>"Settings"</span></A>
            </nav>
            <ThemeSwitch/>
        </header>
    }
}
