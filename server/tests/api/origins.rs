//! Which other web apps may call: CORS and cross-site requests.

use crate::support::problem;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use testkit::{Setup, TestApp};

const VUE: &str = "http://localhost:5173";
const STRANGER: &str = "http://stranger.test";

async fn with_vue() -> TestApp {
    Setup::default()
        .with("CORS_ORIGINS", format!("{VUE}/, http://localhost:5174"))
        .start()
        .await
}

fn create(app: &TestApp, name: &str) -> RequestBuilder {
    app.client
        .request(Method::POST, "/api/topics")
        .json(&json!({ "name": name }))
}

async fn allowed(app: &TestApp, origin: &str) -> (String, String) {
    let preflight = app
        .client
        .request(Method::OPTIONS, "/api/documents")
        .header("origin", origin)
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "content-type");
    let answered = preflight.send().await.unwrap();
    let header = |name: &str| {
        answered
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    };
    (
        header("access-control-allow-origin"),
        header("access-control-allow-credentials"),
    )
}

#[tokio::test]
async fn configured_origins_may_call_and_others_may_not() {
    let app = with_vue().await;
    assert_eq!(
        allowed(&app, VUE).await,
        (VUE.to_owned(), "true".to_owned())
    );
    assert_eq!(
        allowed(&app, "http://localhost:5174").await.0,
        "http://localhost:5174"
    );
    for other in [
        STRANGER,
        "http://localhost:5175",
        "https://localhost:5173",
        "null",
    ] {
        assert_eq!(allowed(&app, other).await.0, "", "{other}");
    }
    let read = app
        .client
        .request(Method::GET, "/api/topics")
        .header("origin", VUE)
        .send()
        .await
        .unwrap();
    assert_eq!(read.headers()["access-control-allow-origin"], VUE);
}

#[tokio::test]
async fn unless_configured_nobody_else_may_call() {
    let app = TestApp::start().await;
    assert_eq!(allowed(&app, VUE).await.0, "");
}

#[tokio::test]
async fn another_site_can_not_make_a_browser_change_anything() {
    let app = with_vue().await;
    for request in [
        create(&app, "A").header("sec-fetch-site", "cross-site"),
        create(&app, "B")
            .header("sec-fetch-site", "cross-site")
            .header("origin", STRANGER),
        create(&app, "C")
            .header("sec-fetch-site", "same-site")
            .header("origin", STRANGER),
        create(&app, "D").header("origin", STRANGER),
        create(&app, "E").header("origin", "null"),
        app.client
            .request(Method::POST, "/_fn/topics/create")
            .header("sec-fetch-site", "cross-site")
            .body("name=F"),
        app.client
            .request(Method::POST, "/api/documents/upload")
            .header("origin", STRANGER),
    ] {
        assert_eq!(
            problem(request.send().await.unwrap(), 403).await.code,
            "cross_site"
        );
    }
    assert_eq!(app.database.number("SELECT count(*) FROM topics").await, 0);
}

#[tokio::test]
async fn links_from_other_sites_work() {
    let app = TestApp::start().await;
    for path in ["/api/topics", "/health"] {
        let followed = app
            .client
            .request(Method::GET, path)
            .header("sec-fetch-site", "cross-site");
        assert_eq!(followed.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn our_own_pages_configured_apps_and_programs_may_change_things() {
    let app = with_vue().await;
    let own = app.client.base.clone();
    for request in [
        create(&app, "A")
            .header("sec-fetch-site", "same-origin")
            .header("origin", &own),
        create(&app, "B")
            .header("sec-fetch-site", "cross-site")
            .header("origin", VUE),
        create(&app, "C")
            .header("sec-fetch-site", "same-site")
            .header("origin", VUE),
        create(&app, "D").header("origin", &own),
        create(&app, "E"),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 201);
    }
}

#[tokio::test]
async fn a_vault_behind_https_is_reached_by_https_alone() {
    let plain = TestApp::start().await;
    let secure = Setup::default()
        .with("PUBLIC_URL", "https://vault.test/")
        .start()
        .await;
    for path in ["/login", "/api/documents", "/nowhere", "/livez"] {
        let header = "strict-transport-security";
        assert!(
            !plain.client.get(path).await.headers().contains_key(header),
            "{path}"
        );
        let answer = secure.client.get(path).await;
        assert_eq!(answer.headers()[header], "max-age=63072000", "{path}");
    }
}
