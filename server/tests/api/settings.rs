//! `/api/settings`

use crate::support::{closed_port, problem};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::{Setup, TestApp};
use wire::{Settings, TestResult};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

const KEY: &str = "sk-of-a-test-0123456789";

async fn patch(app: &TestApp, body: Value) -> Response {
    app.client.send(Method::PATCH, "/api/settings", body).await
}

async fn get(app: &TestApp) -> Settings {
    app.client.get("/api/settings").await.json().await.unwrap()
}

async fn test(app: &TestApp, body: Value) -> TestResult {
    let response = app
        .client
        .send(Method::POST, "/api/settings/test", body)
        .await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_new_vault_files_by_itself() {
    let app = TestApp::start().await;
    let settings = get(&app).await;
    assert_eq!(
        (
            settings.active_provider.as_str(),
            settings.system_prompt.as_str()
        ),
        ("local", "")
    );
    let providers: Vec<&str> = settings.providers.keys().map(String::as_str).collect();
    assert_eq!(
        providers,
        ["anthropic", "lmstudio", "local", "ollama", "openai"]
    );
    assert!(
        settings
            .providers
            .values()
            .all(|provider| !provider.api_key_set)
    );
    assert_eq!(settings.providers["local"].base_url, None);
}

#[tokio::test]
async fn a_key_goes_in_and_never_comes_out() {
    let app = TestApp::start().await;
    let answer = patch(
        &app,
        json!({ "providers": { "openai": { "api_key": format!(" {KEY}\n") } } }),
    )
    .await;
    assert_eq!(answer.status(), 200);
    let answer = answer.text().await.unwrap();
    let shown = app.client.get("/api/settings").await.text().await.unwrap();
    let page = app.client.get("/settings").await.text().await.unwrap();
    let tested = app
        .client
        .send(Method::POST, "/api/settings/test", json!({}))
        .await
        .text()
        .await
        .unwrap();
    for text in [&answer, &shown, &page, &tested] {
        assert!(!text.contains(KEY));
    }
    let settings: Settings = serde_json::from_str(&shown).unwrap();
    assert!(settings.providers["openai"].api_key_set);
    assert!(!settings.providers["anthropic"].api_key_set);
    let stored = app.database.everything().await;
    assert!(stored.contains("openai") && !stored.contains(KEY));
}

#[tokio::test]
async fn an_empty_key_removes_the_stored_one() {
    let app = TestApp::start().await;
    patch(
        &app,
        json!({ "providers": { "openai": { "api_key": KEY } } }),
    )
    .await;
    assert!(get(&app).await.providers["openai"].api_key_set);
    patch(
        &app,
        json!({ "providers": { "openai": { "api_key": "" } } }),
    )
    .await;
    assert!(!get(&app).await.providers["openai"].api_key_set);
}

#[tokio::test]
async fn a_key_from_the_environment_is_shown_as_set_and_not_sent() {
    let app = Setup::default()
        .with("ANTHROPIC_API_KEY", KEY)
        .start()
        .await;
    let shown = app.client.get("/api/settings").await.text().await.unwrap();
    assert!(!shown.contains(KEY));
    assert!(serde_json::from_str::<Settings>(&shown).unwrap().providers["anthropic"].api_key_set);
}

#[tokio::test]
async fn a_change_changes_what_it_names() {
    let app = TestApp::start().await;
    patch(
        &app,
        json!({ "active_provider": "ollama", "system_prompt": "Prefer few topics." }),
    )
    .await;
    patch(
        &app,
        json!({ "providers": { "ollama": { "model": "small" }, "openai": { "api_key": KEY } } }),
    )
    .await;
    patch(&app, json!({})).await;
    let settings = get(&app).await;
    assert_eq!(
        (
            settings.active_provider.as_str(),
            settings.system_prompt.as_str()
        ),
        ("ollama", "Prefer few topics.")
    );
    assert_eq!(settings.providers["ollama"].model, "small");
    patch(
        &app,
        json!({ "providers": { "ollama": { "model": "" }, "openai": { "model": "large" } } }),
    )
    .await;
    let settings = get(&app).await;
    assert_ne!(settings.providers["ollama"].model, "small");
    assert!(
        settings.providers["openai"].api_key_set,
        "changing the model removed the key"
    );
}

#[tokio::test]
async fn what_is_not_acceptable_changes_nothing() {
    let app = TestApp::start().await;
    for body in [
        json!({ "active_provider": "oracle" }),
        json!({ "active_provider": "" }),
        json!({ "system_prompt": "x".repeat(4001) }),
        json!({ "system_prompt": "a\u{0}b" }),
        json!({ "providers": { "oracle": { "model": "x" } } }),
        json!({ "providers": { "local": { "model": "x" } } }),
        json!({ "providers": { "openai": { "model": "a\nb" } } }),
        json!({ "providers": { "openai": { "model": "x".repeat(201) } } }),
        json!({ "providers": { "openai": { "api_key": "two words" } } }),
        json!({ "providers": { "openai": { "api_key": 5 } } }),
        // The first part alone would be acceptable.
        json!({ "active_provider": "ollama", "providers": { "oracle": { "model": "x" } } }),
    ] {
        problem(patch(&app, body).await, 422).await;
    }
    assert_eq!(get(&app).await.active_provider, "local");
}

#[tokio::test]
async fn a_refusal_does_not_repeat_what_was_sent() {
    let app = TestApp::start().await;
    for body in [
        json!({ "providers": { "openai": { "api_key": [KEY] } } }),
        json!({ "providers": { "openai": { "api_key": format!("{KEY} x") } } }),
        json!({ "providers": KEY }),
    ] {
        let refused = patch(&app, body).await;
        assert_eq!(refused.status(), 422);
        assert!(!refused.text().await.unwrap().contains(KEY));
    }
}

#[tokio::test]
async fn the_built_in_provider_always_answers() {
    let app = TestApp::start().await;
    let result = test(&app, json!({})).await;
    assert_eq!((result.provider.as_str(), result.ok), ("local", true));
    let path = "/api/settings/test";
    let without_body = app.client.request(Method::POST, path).send().await.unwrap();
    assert_eq!(without_body.status(), 200);
    problem(
        app.client
            .send(Method::POST, path, json!({ "provider": "oracle" }))
            .await,
        422,
    )
    .await;
}

#[tokio::test]
async fn a_test_says_whether_the_provider_answers() {
    let provider = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v1/models/gpt-of-a-test"))
        .and(header("authorization", format!("Bearer {KEY}")))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "id": "gpt-of-a-test" })))
        .mount(&provider)
        .await;
    let app = Setup::default()
        .with("OPENAI_URL", format!("{}/v1/", provider.uri()))
        .start()
        .await;
    let asked = json!({ "provider": "openai" });
    let without_key = test(&app, asked.clone()).await;
    assert!(
        !without_key.ok && without_key.detail.contains("key"),
        "{}",
        without_key.detail
    );
    patch(
        &app,
        json!({ "providers": { "openai": { "api_key": KEY, "model": "gpt-of-a-test" } } }),
    )
    .await;
    let good = test(&app, asked.clone()).await;
    assert!(good.ok, "{}", good.detail);
    patch(
        &app,
        json!({ "providers": { "openai": { "model": "unknown" } } }),
    )
    .await;
    let unknown_model = test(&app, asked).await;
    assert!(
        !unknown_model.ok && unknown_model.detail.ends_with('.'),
        "{}",
        unknown_model.detail
    );
}

#[tokio::test]
async fn a_test_of_a_provider_that_is_away_is_a_result_not_an_error() {
    let away = closed_port().await;
    let app = Setup::default()
        .with("OLLAMA_URL", format!("http://{away}/"))
        .start()
        .await;
    let result = test(&app, json!({ "provider": "ollama" })).await;
    assert!(!result.ok && result.detail.ends_with('.'));
    assert!(!result.detail.contains(&away), "{}", result.detail);
}

#[tokio::test]
async fn providers_are_not_tested_without_end() {
    let app = TestApp::start().await;
    let request = json!({ "provider": "local" });
    let mut refused = 0;
    for _ in 0..25 {
        let path = "/api/settings/test";
        let answer = app.client.send(Method::POST, path, request.clone()).await;
        if answer.status() == 429 {
            assert!(answer.headers().contains_key("retry-after"));
            refused += 1;
        }
    }
    assert!((1..=5).contains(&refused), "{refused}");
}
