//! What the vault's JSON API answers.

use anyhow::{Result, bail};
use reqwest::Response;
use serde_json::Value;

/// The body of a good answer, or the sentence in the other kind.
pub async fn accepted(answer: Response) -> Result<Value> {
    let status = answer.status();
    let text = answer.text().await?;
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    if status.is_success() {
        return Ok(body);
    }
    match body["detail"].as_str() {
        Some(detail) => bail!("{detail}"),
        None => bail!("the server answered {status}"),
    }
}
