//! OpenAI's chat completions, also spoken by LM Studio and many others.

use crate::{
    http::Call,
    prompt::Prompt,
    remote::{Dialect, MAX_ANSWER_TOKENS, Written},
};
use reqwest::header::{AUTHORIZATION, HeaderName};
use serde_json::{Value, json};

/// The dialect of OpenAI.
pub(crate) struct OpenAi;

impl Dialect for OpenAi {
    fn default_base(&self) -> &'static str {
        "https://api.openai.com/v1"
    }

    fn base_path(&self) -> &'static str {
        "/v1"
    }

    fn key_header(&self, key: &str) -> (HeaderName, String) {
        bearer(key)
    }

    fn ask(&self, model: &str, prompt: &Prompt) -> Call {
        // No temperature: the models that think refuse it.
        Call::post(
            &["chat", "completions"],
            body(model, prompt, "max_completion_tokens"),
        )
    }

    fn written(&self, answer: &Value) -> Option<Written> {
        written(answer)
    }

    fn tokens(&self, answer: &Value) -> Option<u64> {
        tokens(answer)
    }

    fn check(&self, model: &str) -> Call {
        Call::get(&["models", model])
    }
}

/// The header that most servers want a key in.
pub(crate) fn bearer(key: &str) -> (HeaderName, String) {
    (AUTHORIZATION, format!("Bearer {key}"))
}

/// The question; the field that bounds the answer has changed its name over time.
pub(crate) fn body(model: &str, prompt: &Prompt, bound: &str) -> Value {
    json!({
        "model": model,
        bound: MAX_ANSWER_TOKENS,
        "messages": [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": prompt.user},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "filing", "strict": true, "schema": prompt.schema},
        },
    })
}

/// How many tokens question and answer took.
pub(crate) fn tokens(answer: &Value) -> Option<u64> {
    let usage = answer.get("usage")?;
    let count = |field: &str| usage.get(field).and_then(Value::as_u64);
    count("total_tokens")
        .or_else(|| Some(count("prompt_tokens")?.saturating_add(count("completion_tokens")?)))
}

/// What the model wrote.
pub(crate) fn written(answer: &Value) -> Option<Written> {
    let choice = answer.get("choices")?.get(0)?;
    match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => return Some(Written::CutOff),
        Some("content_filter") => return Some(Written::Refused),
        _ => {}
    }
    let message = choice.get("message")?;
    if message.get("refusal").is_some_and(Value::is_string) {
        return Some(Written::Refused);
    }
    Some(Written::Whole(message.get("content")?.as_str()?.to_owned()))
}
