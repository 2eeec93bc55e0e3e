//! Anthropic's Messages API.

use crate::{
    http::Call,
    prompt::Prompt,
    remote::{Dialect, MAX_ANSWER_TOKENS, Written},
};
use reqwest::header::HeaderName;
use serde_json::{Value, json};

/// The dialect of Anthropic.
pub(crate) struct Anthropic;

impl Dialect for Anthropic {
    fn default_base(&self) -> &'static str {
        "https://api.anthropic.com"
    }

    fn base_path(&self) -> &'static str {
        "/v1"
    }

    fn key_header(&self, key: &str) -> (HeaderName, String) {
        (HeaderName::from_static("x-api-key"), key.to_owned())
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[("anthropic-version", "2023-06-01")]
    }

    fn ask(&self, model: &str, prompt: &Prompt) -> Call {
        let body = json!({
            "model": model,
            "max_tokens": MAX_ANSWER_TOKENS,
            "system": prompt.system,
            "messages": [{"role": "user", "content": prompt.user}],
            "output_config": {"format": {"type": "json_schema", "schema": prompt.schema}},
        });
        Call::post(&["messages"], body)
    }

    fn written(&self, answer: &Value) -> Option<Written> {
        match answer.get("stop_reason")?.as_str()? {
            "max_tokens" | "model_context_window_exceeded" => return Some(Written::CutOff),
            "refusal" => return Some(Written::Refused),
            _ => {}
        }
        let blocks = answer.get("content")?.as_array()?;
        // A model that thinks puts its thoughts into blocks of their own.
        let text: String = blocks
            .iter()
            .filter(|block| block.get("type").and_then(Value::as_str) == Some("text"))
            .filter_map(|block| block.get("text").and_then(Value::as_str))
            .collect();
        Some(Written::Whole(text))
    }

    fn tokens(&self, answer: &Value) -> Option<u64> {
        let usage = answer.get("usage")?;
        let count = |field: &str| usage.get(field).and_then(Value::as_u64);
        // What came out of the provider's cache was sent all the same, and stands in fields of its own.
        let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"]
            .into_iter()
            .filter_map(count)
            .fold(0, u64::saturating_add);
        let plain = count("input_tokens")?.saturating_add(count("output_tokens")?);
        Some(plain.saturating_add(cached))
    }

    fn check(&self, model: &str) -> Call {
        Call::get(&["models", model])
    }
}
