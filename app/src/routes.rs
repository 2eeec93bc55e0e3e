//! Every page and its address, and what stands around them all.

use crate::{
    pages::{
        accounts::{
            AccountPage, ConfirmEmailPage, ForgotPasswordPage, LoginPage, RecoveryCodesPage,
            RegisterPage, ResetPasswordPage, SecondStepPage, SetUpPage, TotpPage,
        },
        activity::{ActivityPage, EverybodysActivityPage},
        admin::{StorePage, UserPage, UsersPage},
        documents::{DocumentPage, DocumentsPage},
        not_found::NotFoundPage,
        pipeline::{PipelinePage, WholePipelinePage},
        settings::SettingsPage,
        topics::TopicsPage,
    },
    palette::Palette,
    response::has_application,
    sign_in::is_open_page,
    ui::{banner::Flash, keys::Keys, panel::Skeleton, rail::Rail},
    uploads::Tray,
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

/// The app.
///
/// Every route is rendered whole before anything is sent (`SsrMode::Async`): the status is true,
/// redirects work, and the page needs no JavaScript. None of it is part of what the browser loads: that
/// is the islands (`Tray`, `Palette`) and what moves the pages (`browser`).
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
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
    let who = Who::provide();
    view! {
        <Show when=move || !open.get()>
            <Rail who/>
        </Show>
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
                <Route path=path!("/admin/store") view=StorePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id") view=UserPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/activity") view=EverybodysActivityPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/pipeline") view=WholePipelinePage ssr=SsrMode::Async/>
                <Route path=path!("/activity") view=ActivityPage ssr=SsrMode::Async/>
                <Route path=path!("/pipeline") view=PipelinePage ssr=SsrMode::Async/>
                <Route path=path!("/documents") view=DocumentsPage ssr=SsrMode::Async/>
                <Route path=path!("/documents/:id") view=DocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/topics") view=TopicsPage ssr=SsrMode::Async/>
                <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </main>
        {has_application().then(application)}
    }
}

/// What stands beside every page in the browser of somebody who is signed in.
fn application() -> impl IntoView {
    view! {
        <p id="spoken" class="visually-hidden" role="status" aria-live="polite"></p>
        <template id="skeleton"><Skeleton rows=6/></template>
        <Keys/>
        <Tray/>
        <Palette/>
    }
}

fn page_title(title: String) -> String {
    if title.is_empty() {
        "DocuVault".to_owned()
    } else {
        format!("{title} · DocuVault")
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
