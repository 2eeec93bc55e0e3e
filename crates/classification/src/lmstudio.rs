//! LM Studio: OpenAI's dialect on the owner's own machine, where only its user knows the models.

use crate::{
    http::Call,
    openai,
    prompt::Prompt,
    remote::{Dialect, Written},
};
use reqwest::header::HeaderName;
use serde_json::Value;

/// The dialect of LM Studio.
pub(crate) struct LmStudio;

impl Dialect for LmStudio {
    fn default_base(&self) -> &'static str {
        "http://127.0.0.1:1234/v1"
    }

    fn base_path(&self) -> &'static str {
        "/v1"
    }

    fn key_header(&self, key: &str) -> (HeaderName, String) {
        openai::bearer(key)
    }

    fn ask(&self, model: &str, prompt: &Prompt) -> Call {
        let mut body = openai::body(model, prompt, "max_tokens");
        if let Some(fields) = body.as_object_mut() {
            fields.insert("temperature".to_owned(), Value::from(0));
        }
        Call::post(&["chat", "completions"], body)
    }

    fn written(&self, answer: &Value) -> Option<Written> {
        openai::written(answer)
    }

    fn tokens(&self, answer: &Value) -> Option<u64> {
        openai::tokens(answer)
    }

    /// The list: its models have slashes in their names, which their own path would not carry.
    fn check(&self, _model: &str) -> Call {
        Call::get(&["models"])
    }

    fn knows(&self, answer: &Value, model: &str) -> bool {
        ids(answer).any(|id| id == model)
    }

    fn list(&self) -> Option<Call> {
        Some(Call::get(&["models"]))
    }

    /// The first that can chat: embedding models stand in the same list.
    fn pick(&self, list: &Value) -> Option<String> {
        ids(list)
            .find(|id| !id.contains("embed"))
            .map(str::to_owned)
    }
}

fn ids(list: &Value) -> impl Iterator<Item = &str> {
    let models = list.get("data").and_then(Value::as_array);
    models
        .into_iter()
        .flatten()
        .filter_map(|model| model.get("id")?.as_str())
}
