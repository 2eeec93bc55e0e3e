//! A vault whose `SECRET_KEY` is replaced.

use domain::Caller;
use reqwest::Method;
use serde_json::json;
use testkit::TestApp;
use wire::Settings;

/// A vault with a secret in it, whose key is being replaced, and a token that outlives the change.
async fn being_replaced() -> (TestApp, String) {
    let mut app = TestApp::start().await;
    let key = json!({ "providers": { "openai": { "api_key": "sk-of-a-test-0123456789" } } });
    let set = app.client.send(Method::PATCH, "/api/settings", key).await;
    assert_eq!(set.status(), 200);
    let token = app.token(&app.client, "read").await;
    let old = app.environment["SECRET_KEY"].clone();
    app.environment
        .insert("SECRET_KEY_PREVIOUS".to_owned(), old);
    app.environment
        .insert("SECRET_KEY".to_owned(), "another".repeat(8));
    (app, token)
}

async fn opens(app: &mut TestApp, token: &str) -> bool {
    let server = app.second_server(app.environment.clone()).await;
    let settings = server.with_token(token).get("/api/settings").await;
    let settings: Settings = settings.json().await.unwrap();
    settings.providers["openai"].api_key_set
}

#[tokio::test]
async fn secrets_open_under_the_previous_key_and_are_sealed_under_the_new_one() {
    let (mut app, token) = being_replaced().await;
    assert!(opens(&mut app, &token).await);
    let (services, worker) = (app.services(), Caller::system("a test"));
    assert_eq!(services.sweeping().seal_anew(&worker).await.unwrap(), 1);
    assert_eq!(services.sweeping().seal_anew(&worker).await.unwrap(), 0);
    app.environment.remove("SECRET_KEY_PREVIOUS");
    assert!(opens(&mut app, &token).await);
}

#[tokio::test]
async fn without_the_previous_key_they_stay_shut() {
    let (mut app, token) = being_replaced().await;
    app.environment.remove("SECRET_KEY_PREVIOUS");
    assert!(!opens(&mut app, &token).await);
    let (services, worker) = (app.services(), Caller::system("a test"));
    assert_eq!(services.sweeping().seal_anew(&worker).await.unwrap(), 0);
}
