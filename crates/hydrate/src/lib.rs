//! Starts the app in the browser. Built for `wasm32-unknown-unknown` only in earnest.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered. `HydrationScripts` calls it by this name.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
