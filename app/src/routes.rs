//! Every page and its address, and what stands around them all.

use crate::{
    live::{Announcer, Live},
    pages::{
        documents::{DocumentPage, DocumentsPage},
        not_found::NotFoundPage,
        settings::SettingsPage,
        topics::TopicsPage,
    },
    ui::{banner::Flash, rail::Rail},
    uploads::{Tray, Uploads},
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Redirect, Route, Router},
    hooks::use_location,
    path,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The app.
///
/// Every route is rendered whole before anything is sent (`SsrMode::Async`): the status is true,
/// redirects work, and the page needs no JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Live::provide();
    let uploads = Uploads::provide();
    Effect::new(mark_hydrated);
    view! {
        <Title formatter=page_title/>
        <a class="skip-link" href="#main" rel="external">"Skip to the content"</a>
        <Router>
            <Rail/>
            <FocusFollowsPage/>
            <main id="main" tabindex="-1">
                <Flash/>
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=|| view! { <Redirect path="/documents"/> } ssr=SsrMode::Async/>
                    <Route path=path!("/documents") view=DocumentsPage ssr=SsrMode::Async/>
                    <Route path=path!("/documents/:id") view=DocumentPage ssr=SsrMode::Async/>
                    <Route path=path!("/topics") view=TopicsPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async/>
                </FlatRoutes>
            </main>
        </Router>
        <Announcer/>
        <Tray uploads/>
    }
}

/// Moves the focus to the content when another page comes up without a reload, as a browser does:
/// else keyboard and screen reader stay on a link that may be gone.
#[component]
fn FocusFollowsPage() -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |earlier: Option<String>| {
        let now = path.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            focus_main();
        }
        now
    });
}

fn focus_main() {
    let main = document()
        .get_element_by_id("main")
        .and_then(|main| main.dyn_into::<HtmlElement>().ok());
    if let Some(main) = main {
        let _ = main.focus();
    }
}

fn page_title(title: String) -> String {
    if title.is_empty() {
        "DocuVault".to_owned()
    } else {
        format!("{title} · DocuVault")
    }
}

/// Tells tests, and the style sheet, that the page answers to clicks now.
fn mark_hydrated() {
    if let Some(body) = document().body() {
        let _ = body.set_attribute("data-hydrated", "");
    }
}
