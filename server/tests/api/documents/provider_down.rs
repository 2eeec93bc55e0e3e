//! A provider that is down never fails a document.

use crate::support::{closed_port, document};
use reqwest::{Method, StatusCode};
use serde_json::json;
use testkit::{Setup, TestApp, files};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

const KEY: &str = "sk-of-a-test-0123456789";

async fn with_openai_at(url: String) -> TestApp {
    let mut app = Setup::default().with("OPENAI_URL", url).start().await;
    app.start_worker();
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    let patch =
        json!({ "active_provider": "openai", "providers": { "openai": { "api_key": KEY } } });
    assert_eq!(
        app.client
            .send(Method::PATCH, "/api/settings", patch)
            .await
            .status(),
        200
    );
    app
}

/// Uploads, sees the document unharmed and the error shown, goes back to the built-in provider, and files.
async fn survives(app: &TestApp) {
    let bytes = files::sample("notes_on_insurance.txt");
    let id = app.client.upload("notes.txt", bytes.clone()).await.id;
    let unfiled = app.client.finished(id).await;
    assert_eq!((unfiled.status.as_str(), unfiled.failure), ("ready", None));
    let error = unfiled.classification_error.unwrap();
    assert!(
        error.contains("OpenAI") && error.ends_with('.') && !error.contains(KEY),
        "{error}"
    );
    assert!(unfiled.extracted_text.unwrap().contains("Household"));
    let kept = app
        .client
        .get(&format!("/api/documents/{id}/content"))
        .await
        .bytes()
        .await
        .unwrap();
    assert!(kept == bytes);
    let local = json!({ "active_provider": "local" });
    assert_eq!(
        app.client
            .send(Method::PATCH, "/api/settings", local)
            .await
            .status(),
        200
    );
    let path = format!("/api/documents/{id}/classify");
    let filed = document(
        app.client.send(Method::POST, &path, json!({})).await,
        StatusCode::OK,
    )
    .await;
    assert_eq!(
        (filed.topics, filed.classification_error),
        (vec!["Insurance".to_owned()], None)
    );
}

#[tokio::test]
async fn one_that_can_not_be_reached() {
    let app = with_openai_at(format!("http://{}/v1/", closed_port().await)).await;
    survives(&app).await;
}

#[tokio::test]
async fn one_that_answers_500() {
    let provider = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(500))
        .mount(&provider)
        .await;
    let app = with_openai_at(format!("{}/v1/", provider.uri())).await;
    survives(&app).await;
    let asked = provider.received_requests().await.unwrap();
    assert!(asked.len() > 1, "it was not tried again");
    assert!(
        asked
            .iter()
            .all(|request| request.headers["authorization"] == format!("Bearer {KEY}"))
    );
}

#[tokio::test]
async fn one_that_answers_nonsense() {
    let provider = MockServer::start().await;
    let answer = json!({ "choices": [{ "message": { "content": "File it under Insurance!" } }] });
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&provider)
        .await;
    let app = with_openai_at(format!("{}/v1/", provider.uri())).await;
    survives(&app).await;
}
