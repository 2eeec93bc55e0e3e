//! The vault's mark: a sheet with a keyhole.

use leptos::prelude::*;

/// The mark. Decoration: the name stands beside it.
#[component]
pub(crate) fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <path class="brand-sheet" d="M7 3h13l6 6v20H7z"></path>
            <path class="brand-fold" d="M20 3v6h6"></path>
            <path class="brand-key" d="M16 14a3 3 0 0 1 1.5 5.6V24h-3v-4.4A3 3 0 0 1 16 14"></path>
        </svg>
    }
}
