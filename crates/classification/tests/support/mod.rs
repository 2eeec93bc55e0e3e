//! A fake of each provider that speaks its real wire format, and a document to file.

#![allow(clippy::expect_used, reason = "helpers of tests may panic as tests do")]
#![allow(dead_code, reason = "each test file uses its part")]

use classification::{Classifier, Config, Decision, Failure, Request, TopicOption, build};
use domain::{ProviderName, TopicId};
use serde_json::{Value, json};
use std::time::Duration;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

pub const KEY: &str = "test-key-not-a-secret";
pub const TEXT: &str =
    "Dear customer, your electricity bill for May is 84 euro. The meter reading was 4711 kWh.";
pub const REMOTE: [ProviderName; 4] = [
    ProviderName::Anthropic,
    ProviderName::Openai,
    ProviderName::Ollama,
    ProviderName::Lmstudio,
];

pub fn id(n: u128) -> TopicId {
    TopicId(uuid::Uuid::from_u128(n))
}

pub fn topics() -> Vec<TopicOption> {
    [
        (1, "Energy", "electricity and gas"),
        (2, "Rent", ""),
        (3, "Tax \"2024\"", "returns"),
    ]
    .map(|(n, name, about)| TopicOption {
        id: id(n),
        name: name.into(),
        description: about.into(),
    })
    .to_vec()
}

/// Settings that point at the fake, with short waits.
pub fn config(provider: ProviderName, server: &str) -> Config {
    Config {
        model: Some("some-model".into()),
        api_key: Some(KEY.to_owned().into()),
        base_url: Some(server.to_owned()),
        // Only the test of the timeout itself shortens this: a loaded machine is slow, not broken.
        timeout: Duration::from_secs(20),
        retries: 2,
        max_wait: Duration::from_millis(60),
        ..Config::new(provider)
    }
}

pub fn classifier(provider: ProviderName, server: &MockServer) -> Box<dyn Classifier> {
    build(config(provider, &server.uri())).expect("the settings are right")
}

pub async fn classify(classifier: &dyn Classifier, text: &str) -> Result<Decision, Failure> {
    let topics = topics();
    let request = Request {
        text,
        file_name: "may.pdf",
        topics: &topics,
        system_prompt: None,
        knowledge: None,
    };
    classifier.classify(&request).await.decision
}

/// What a model writes when it chooses these topics with these quotes.
pub fn written(choices: &[(&str, &str)]) -> String {
    let topics: Vec<_> = choices
        .iter()
        .map(|(topic, quote)| json!({"quote": quote, "topic": topic, "topic_fit": 0.9}))
        .collect();
    json!({"note": "An electricity bill.", "topics": topics}).to_string()
}

/// That text as the provider sends it.
pub fn envelope(provider: ProviderName, text: &str) -> Value {
    match provider {
        ProviderName::Local => Value::Null,
        ProviderName::Anthropic => json!({
            "id": "msg_01", "type": "message", "role": "assistant", "model": "some-model",
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn", "stop_sequence": null,
            "usage": {"input_tokens": 500, "output_tokens": 40}
        }),
        ProviderName::Openai | ProviderName::Lmstudio => json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "some-model",
            "choices": [{
                "index": 0, "finish_reason": "stop", "logprobs": null,
                "message": {"role": "assistant", "content": text, "refusal": null}
            }],
            "usage": {"prompt_tokens": 500, "completion_tokens": 40, "total_tokens": 540}
        }),
        ProviderName::Ollama => json!({
            "model": "some-model", "created_at": "2024-05-01T10:00:00Z",
            "message": {"role": "assistant", "content": text},
            "done": true, "done_reason": "stop", "prompt_eval_count": 500, "eval_count": 40
        }),
    }
}

pub fn chat_path(provider: ProviderName) -> &'static str {
    match provider {
        ProviderName::Anthropic => "/v1/messages",
        ProviderName::Ollama => "/api/chat",
        _ => "/v1/chat/completions",
    }
}

/// A fake that always answers like this.
pub async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// A fake whose model writes this.
pub async fn writes(provider: ProviderName, text: &str) -> MockServer {
    server(ResponseTemplate::new(200).set_body_json(envelope(provider, text))).await
}

/// How often the fake was called.
pub async fn calls(server: &MockServer) -> usize {
    server
        .received_requests()
        .await
        .map_or(0, |requests| requests.len())
}

/// The body of the only request.
pub async fn sent(server: &MockServer) -> Value {
    let requests = server
        .received_requests()
        .await
        .expect("requests are recorded");
    assert_eq!(requests.len(), 1);
    serde_json::from_slice(&requests[0].body).expect("the body is JSON")
}
