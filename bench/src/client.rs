//! The vault's JSON API as a program calls it.

use anyhow::{Result, bail};
use reqwest::Response;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

/// Calls one vault. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
}

impl Client {
    /// A client of the vault at `base`.
    pub fn new(base: String) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { base, http })
    }

    /// The body of a good answer.
    pub async fn get(&self, path: &str) -> Result<String> {
        accepted(self.http.get(self.url(path)).send().await?).await
    }

    /// A JSON answer.
    pub async fn json(&self, path: &str) -> Result<Value> {
        Ok(serde_json::from_str(&self.get(path).await?)?)
    }

    /// Sends a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Result<()> {
        let request = self.http.post(self.url(path)).json(body);
        accepted(request.send().await?).await.map(drop)
    }

    /// Uploads a file.
    pub async fn upload(&self, name: String, file: Part) -> Result<()> {
        let form = Form::new().part("file", file.file_name(name));
        let request = self.http.post(self.url("/api/documents/upload"));
        accepted(request.multipart(form).send().await?)
            .await
            .map(drop)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

async fn accepted(answer: Response) -> Result<String> {
    let status = answer.status();
    let text = answer.text().await?;
    if status.is_success() {
        return Ok(text);
    }
    bail!("the server answered {status}: {text}");
}
