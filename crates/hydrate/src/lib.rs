//! Starts the app in the browser. Built for `wasm32-unknown-unknown` only in earnest.

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes the page that the server rendered move. `HydrationScripts` calls it by this name, and then
/// brings the islands to life.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    app::start();
}
