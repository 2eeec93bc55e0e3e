//! Every page and its address, and what stands around them all.

use crate::{
    live::{Announcer, Live},
    pages::{
        accounts::{
            AccountPage, ConfirmEmailPage, ForgotPasswordPage, LoginPage, RecoveryCodesPage,
            RegisterPage, ResetPasswordPage, SecondStepPage, SetUpPage, TotpPage,
        },
        admin::{UserPage, UsersPage},
        documents::{DocumentPage, DocumentsPage},
        not_found::NotFoundPage,
        settings::SettingsPage,
        topics::TopicsPage,
    },
    sign_in::is_open_page,
    ui::{banner::Flash, rail::Rail},
    uploads::{Tray, Uploads},
    who::Who,
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
    Effect::new(mark_hydrated);
    view! {
        <Title formatter=page_title/>
        <a class="skip-link" href="#main" rel="external">"Skip to the content"</a>
        <Router>
            <Frame/>
        </Router>
    }
}

/// What stands around every page. Around those for people who are not signed in there is nothing.
#[component]
fn Frame() -> impl IntoView {
    let path = use_location().pathname;
    let open = Memo::new(move |_| is_open_page(&path.read()));
    let uploads = Uploads::provide(open);
    let who = Who::provide(uploads);
    Live::provide(who);
    view! {
        <Show when=move || !open.get()>
            <Rail who/>
        </Show>
        <FocusFollowsPage/>
        <main id="main" tabindex="-1" class:open-page=move || open.get()>
            <Flash/>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=|| view! { <Redirect path="/documents"/> } ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/login/second-factor") view=SecondStepPage ssr=SsrMode::Async/>
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/confirm-email") view=ConfirmEmailPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/account/second-factor") view=TotpPage ssr=SsrMode::Async/>
                <Route path=path!("/account/recovery-codes") view=RecoveryCodesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users") view=UsersPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id") view=UserPage ssr=SsrMode::Async/>
                <Route path=path!("/documents") view=DocumentsPage ssr=SsrMode::Async/>
                <Route path=path!("/documents/:id") view=DocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/topics") view=TopicsPage ssr=SsrMode::Async/>
                <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </main>
        <Announcer/>
        <Show when=move || !open.get()>
            <Tray uploads/>
        </Show>
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

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::config::LeptosOptions;
    use server_fn::axum_export::body::{Body, to_bytes};

    /// A page as somebody who is not signed in gets it, from a server that has nothing to say.
    async fn page(address: &str) -> String {
        // As the server begins, too: it makes leptos ready to run.
        let _ = leptos_axum::generate_route_list(App);
        let options = LeptosOptions::builder().output_name("docuvault").build();
        let render = leptos_axum::render_app_async(move || crate::shell(options.clone()));
        let request = http::Request::get(address).body(Body::empty()).unwrap();
        let response = render(request).await;
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_page_is_routed() {
        let routes = leptos_axum::generate_route_list(App);
        let paths: Vec<&str> = routes.iter().map(|route| route.path()).collect();
        for path in [
            "/login",
            "/login/second-factor",
            "/register",
            "/setup",
            "/forgot-password",
            "/reset-password",
            "/confirm-email",
            "/account",
            "/account/second-factor",
            "/account/recovery-codes",
            "/documents",
            "/topics",
            "/settings",
        ] {
            assert!(paths.contains(&path), "{path} is not in {paths:?}");
        }
    }

    #[tokio::test]
    async fn the_page_to_sign_in_on_stands_alone_and_needs_no_script() {
        let html = page("/login?next=%2Ftopics").await;
        for part in [
            "data-testid=\"login-form\"",
            "method=\"post\"",
            "action=\"/_fn/accounts/log_in\"",
            "name=\"next\" value=\"/topics\"",
            "autocomplete=\"current-password\"",
            "class=\"open-page\"",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        for part in ["class=\"rail\"", "upload-tray", "drop-hint"] {
            assert!(!html.contains(part), "{part} is in {html}");
        }
    }

    #[tokio::test]
    async fn it_leads_to_no_other_site() {
        for address in [
            "/login?next=%2F%2Fevil.example",
            "/login?next=https:%2F%2Fevil.example",
        ] {
            let html = page(address).await;
            assert!(
                html.contains("login-form") && !html.contains("name=\"next\""),
                "{html}"
            );
        }
    }

    #[tokio::test]
    async fn nobody_gets_no_links() {
        let html = page("/topics").await;
        assert!(html.contains("class=\"rail\""), "{html}");
        for part in ["rail-nav", "sign-out", "quota-meter"] {
            assert!(!html.contains(part), "{part} is in {html}");
        }
    }
}
