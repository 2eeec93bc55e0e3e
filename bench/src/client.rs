//! The vault's JSON API as a program calls it.

use anyhow::{Result, bail};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

/// Calls one vault. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    base: String,
    token: String,
    http: reqwest::Client,
}

impl Client {
    /// A client of the vault at `base` that sends this token.
    pub fn new(base: String, token: String) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { base, token, http })
    }

    /// The body of a good answer.
    pub async fn get(&self, path: &str) -> Result<String> {
        accepted(self.request(Method::GET, path).send().await?).await
    }

    /// A JSON answer.
    pub async fn json(&self, path: &str) -> Result<Value> {
        Ok(serde_json::from_str(&self.get(path).await?)?)
    }

    /// Sends a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Result<()> {
        let request = self.request(Method::POST, path).json(body);
        accepted(request.send().await?).await.map(drop)
    }

    /// Uploads a file.
    pub async fn upload(&self, name: String, file: Part) -> Result<()> {
        let form = Form::new().part("file", file.file_name(name));
        let request = self.request(Method::POST, "/api/documents/upload");
        accepted(request.multipart(form).send().await?)
            .await
            .map(drop)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
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
