//! The vault's JSON API as a program calls it.

use std::net::Ipv4Addr;

use anyhow::{Context, Result, bail};
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
    /// A client of the vault at `base` that sends this token, or none when it is empty.
    pub fn new(base: String, token: String) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { base, token, http })
    }

    /// The same client, sending that token.
    pub fn with_token(&self, token: String) -> Self {
        Self {
            token,
            ..self.clone()
        }
    }

    /// Signs in as if from the address of that number; gives the access token.
    pub async fn log_in(&self, login: &str, password: &str, address: usize) -> Result<String> {
        let given = serde_json::json!({ "login": login, "password": password });
        let address = Ipv4Addr::from_bits(0x0A00_0000 | u32::try_from(address)?);
        let request = self
            .with_token(String::new())
            .request(Method::POST, "/api/auth/login")
            .header("x-forwarded-for", address.to_string())
            .json(&given);
        let answer: Value = serde_json::from_str(&accepted(request.send().await?).await?)?;
        let token = answer.get("access_token").and_then(Value::as_str);
        token
            .map(str::to_owned)
            .context("a sign-in gave no access token")
    }

    /// The body of a good answer.
    pub async fn get(&self, path: &str) -> Result<String> {
        accepted(self.request(Method::GET, path).send().await?).await
    }

    /// A good answer as it begins.
    pub async fn begin(&self, path: &str) -> Result<Response> {
        let answer = self.request(Method::GET, path).send().await?;
        Ok(answer.error_for_status()?)
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

    /// Puts a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Result<()> {
        let request = self.request(Method::PUT, path).json(body);
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
        let request = self.http.request(method, format!("{}{path}", self.base));
        if self.token.is_empty() {
            request
        } else {
            request.bearer_auth(&self.token)
        }
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
