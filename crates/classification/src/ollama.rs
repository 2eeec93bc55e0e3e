//! Ollama's own chat API, which takes a JSON schema as `format`.

use crate::{
    http::Call,
    openai,
    prompt::{BYTES_PER_TOKEN, Prompt},
    remote::{Dialect, Written},
};
use reqwest::header::HeaderName;
use serde_json::{Value, json};

/// The least context that is asked for. Ollama's own default is smaller than our prompt, and it
/// cuts off the beginning (the rules) without a word.
const LEAST_CONTEXT: usize = 8_192;
const MOST_CONTEXT: usize = 131_072;
/// Less than for the clouds: the room for it is taken from the same memory.
const ANSWER_TOKENS: usize = 2_048;

/// The dialect of Ollama.
pub(crate) struct Ollama;

impl Dialect for Ollama {
    fn default_base(&self) -> &'static str {
        "http://127.0.0.1:11434"
    }

    fn base_path(&self) -> &'static str {
        "/"
    }

    fn key_header(&self, key: &str) -> (HeaderName, String) {
        openai::bearer(key)
    }

    fn ask(&self, model: &str, prompt: &Prompt) -> Call {
        let body = json!({
            "model": model,
            "stream": false,
            "format": prompt.schema,
            "options": {
                "temperature": 0,
                "num_ctx": context(prompt),
                "num_predict": ANSWER_TOKENS,
            },
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
        });
        Call::post(&["api", "chat"], body)
    }

    fn written(&self, answer: &Value) -> Option<Written> {
        if answer.get("done_reason").and_then(Value::as_str) == Some("length") {
            return Some(Written::CutOff);
        }
        let text = answer.get("message")?.get("content")?.as_str()?;
        Some(Written::Whole(text.to_owned()))
    }

    fn tokens(&self, answer: &Value) -> Option<u64> {
        let count = |field: &str| answer.get(field).and_then(Value::as_u64);
        Some(count("prompt_eval_count")?.saturating_add(count("eval_count")?))
    }

    fn check(&self, model: &str) -> Call {
        Call::post(&["api", "show"], json!({"model": model}))
    }
}

/// Room for the prompt and the answer, in steps of two: each new size makes Ollama load the model
/// again. A token is about three bytes of text or more in any script.
fn context(prompt: &Prompt) -> usize {
    let tokens = (prompt.system.len() + prompt.user.len()) / BYTES_PER_TOKEN + ANSWER_TOKENS;
    tokens
        .next_power_of_two()
        .clamp(LEAST_CONTEXT, MOST_CONTEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_holds_the_prompt() {
        let prompt = |n: usize| Prompt {
            system: String::new(),
            user: "x".repeat(n),
            schema: Value::Null,
        };
        assert_eq!(context(&prompt(10)), LEAST_CONTEXT);
        assert_eq!(context(&prompt(20_000)), 16_384);
        assert_eq!(context(&prompt(10_000_000)), MOST_CONTEXT);
    }
}
