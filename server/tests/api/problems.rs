//! What holds for every answer: problems for what went wrong, an id, safe headers.

use crate::support::problem;
use reqwest::Method;
use testkit::TestApp;

#[tokio::test]
async fn a_method_that_an_address_does_not_take() {
    let app = TestApp::start().await;
    for (method, path) in [
        (Method::PUT, "/api/topics"),
        (Method::DELETE, "/api/documents"),
        (Method::GET, "/api/documents/upload"),
        (Method::POST, "/health"),
        (Method::PATCH, "/api/events"),
    ] {
        let refused = app.client.request(method, path).send().await.unwrap();
        assert!(refused.headers().contains_key("allow"), "{path}");
        assert_eq!(problem(refused, 405).await.code, "method_not_allowed");
    }
}

#[tokio::test]
async fn an_address_that_is_not_there() {
    let app = TestApp::start().await;
    for path in ["/api/nothing", "/api/documents/5/nothing", "/api/topics/"] {
        assert_eq!(
            problem(app.client.get(path).await, 404).await.code,
            "route_not_found",
            "{path}"
        );
    }
    problem(
        app.client
            .request(Method::POST, "/api/nothing")
            .send()
            .await
            .unwrap(),
        404,
    )
    .await;
}

#[tokio::test]
async fn a_body_that_is_no_json() {
    let app = TestApp::start().await;
    for body in [
        "",
        "{",
        "{\"name\": \"Tax\"",
        "name=Tax",
        "{\"name\": \"Tax\"} x",
    ] {
        let request = app
            .client
            .request(Method::POST, "/api/topics")
            .header("content-type", "application/json");
        assert_eq!(
            problem(request.body(body).send().await.unwrap(), 400)
                .await
                .code,
            "broken_json",
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_too_large() {
    let app = TestApp::start().await;
    let body = format!("{{\"name\": \"{}\"}}", "x".repeat(300 * 1024));
    let refused = app
        .client
        .request(Method::POST, "/api/topics")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(problem(refused, 413).await.code, "body_too_large");
}

#[tokio::test]
async fn every_answer_has_an_id_of_ours_and_safe_headers() {
    let app = TestApp::start().await;
    let mut seen = std::collections::BTreeSet::new();
    let paths = [
        "/",
        "/documents",
        "/nothing",
        "/api/topics",
        "/api/nothing",
        "/api/docs/",
        "/api/openapi.json",
        "/health",
        "/livez",
    ];
    for path in paths {
        let answer = app
            .client
            .request(Method::GET, path)
            .header("x-request-id", "mine")
            .send()
            .await
            .unwrap();
        let headers = answer.headers();
        let id: uuid::Uuid = headers["x-request-id"].to_str().unwrap().parse().unwrap();
        seen.insert(id);
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["x-frame-options"], "SAMEORIGIN", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors"), "{path}: {policy}");
        assert!(!policy.contains("script-src 'unsafe"), "{path}: {policy}");
    }
    assert_eq!(seen.len(), paths.len());
}

#[tokio::test]
async fn a_refusal_has_safe_headers_too() {
    let app = TestApp::start().await;
    let strangers = [
        app.client.anonymous().get("/api/documents").await,
        app.client.with_token("broken").get("/api/documents").await,
        app.client.with_token("broken").get("/documents").await,
        app.client.anonymous().get("/documents").await,
    ];
    for answer in strangers {
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers.contains_key("content-security-policy"));
        assert!(headers.contains_key("permissions-policy"));
        assert!(headers.contains_key("x-request-id"));
    }
}
