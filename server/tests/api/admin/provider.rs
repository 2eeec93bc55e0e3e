//! A fake of OpenAI that tells every letter to be about insurance, and vaults that may ask it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Client, PATCH, Setup, TestApp};
use wire::{Document, Settings};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// How much the fake says that an answer took.
pub const TOKENS: i64 = 540;

/// An answer that files a letter, without a count of tokens.
pub fn uncounted() -> Value {
    let written = json!({
        "note": "A letter of an insurer.",
        "topics": [{ "quote": "household insurance", "topic": "Insurance", "topic_fit": 0.9 }],
    });
    json!({
        "choices": [{
            "finish_reason": "stop",
            "message": { "role": "assistant", "content": written.to_string(), "refusal": null },
        }],
    })
}

/// The same with one.
pub fn counted() -> Value {
    let mut answer = uncounted();
    answer["usage"] =
        json!({ "prompt_tokens": 500, "completion_tokens": 40, "total_tokens": TOKENS });
    answer
}

/// An answer that takes a moment, so that several are asked for at the same time.
pub fn slowly(answer: Value) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(answer)
        .set_delay(Duration::from_millis(300))
}

/// A vault whose OpenAI answers like this, with somebody who has the topic.
pub async fn vault(answer: ResponseTemplate) -> (TestApp, Client, MockServer) {
    vault_reading(6, answer).await
}

/// The same, with a worker that reads so many files at once.
pub async fn vault_reading(files: u8, answer: ResponseTemplate) -> (TestApp, Client, MockServer) {
    let openai = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&openai).await;
    let mut app = Setup::default()
        .with("OPENAI_URL", format!("{}/v1/", openai.uri()))
        .with("OPENAI_API_KEY", "sk-of-a-test-0123456789")
        .with("WORKER_CONCURRENCY", files.to_string())
        .start()
        .await;
    app.start_worker();
    let ada = app.person("ada").await;
    ada.create_topic("Insurance", "policies, premiums and claims")
        .await;
    (app, ada, openai)
}

/// Changes one's own settings.
pub async fn set(client: &Client, body: Value) -> Settings {
    let answer = client.send(PATCH, "/api/settings", body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

pub async fn settings(client: &Client) -> Settings {
    client.get("/api/settings").await.json().await.unwrap()
}

/// Uploads a letter, and gives it once it was filed, or not. Letters are of the same length.
pub async fn letter(client: &Client, number: u8) -> Document {
    let text = format!("Letter {number:03}: the premium of your household insurance is due.");
    let document = client.upload(&format!("{number:03}.txt"), text).await;
    client.finished(document.id).await
}

/// How many times the fake was asked.
pub async fn asked(openai: &MockServer) -> usize {
    openai.received_requests().await.unwrap().len()
}
