//! The JSON API as a test calls it.

use crate::PATIENCE;
use reqwest::{
    Method, Response, StatusCode,
    multipart::{Form, Part},
};
use serde_json::Value;
use std::net::Ipv4Addr;
use uuid::Uuid;
use wire::{Document, DocumentList, Topic};

/// Calls one vault's API.
#[derive(Clone)]
pub struct Client {
    /// `http://127.0.0.1:port`
    pub base: String,
    /// Sent with every request, if there is one.
    pub token: Option<String>,
    /// Whom every request says that it is forwarded for, if anybody.
    pub address: Option<Ipv4Addr>,
    http: reqwest::Client,
}

impl Client {
    /// A client of the vault at `base`, nobody in particular.
    ///
    /// # Panics
    /// When no client can be built.
    pub fn new(base: String) -> Self {
        wiring::install_tls();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            base,
            token: None,
            address: None,
            http,
        }
    }

    /// The same client, sending that token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..self.clone()
        }
    }

    /// The same client, sending none.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self {
            token: None,
            ..self.clone()
        }
    }

    /// A request, to be added to.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(address) = &self.address {
            request = request.header("x-forwarded-for", address.to_string());
        }
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// GET.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// A method with a JSON body.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn send(&self, method: Method, path: &str, body: Value) -> Response {
        self.request(method, path).json(&body).send().await.unwrap()
    }

    /// Uploads a file, and gives the answer as it is.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn try_upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Response {
        let part = Part::bytes(bytes.into()).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        self.request(Method::POST, "/api/documents/upload")
            .multipart(form)
            .send()
            .await
            .unwrap()
    }

    /// Uploads a file, and gives the answer's status; `None` when none came, as the server died.
    pub async fn attempt_upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Option<u16> {
        let part = Part::bytes(bytes.into()).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        let request = self.request(Method::POST, "/api/documents/upload");
        let answer = request.multipart(form).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    /// Uploads a file that is accepted.
    ///
    /// # Panics
    /// When it is not.
    pub async fn upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Document {
        let response = self.try_upload(name, bytes).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// A document.
    ///
    /// # Panics
    /// When it is not there.
    pub async fn document(&self, id: Uuid) -> Document {
        let response = self.get(&format!("/api/documents/{id}")).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// A document once it is `ready` or `failed`.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn finished(&self, id: Uuid) -> Document {
        supervisor::until("the document", PATIENCE, async || {
            let document = self.document(id).await;
            Ok(matches!(document.status.as_str(), "ready" | "failed").then_some(document))
        })
        .await
        .unwrap()
    }

    /// The first page of documents.
    ///
    /// # Panics
    /// When it can't be had.
    pub async fn documents(&self, query: &str) -> DocumentList {
        self.get(&format!("/api/documents{query}"))
            .await
            .json()
            .await
            .unwrap()
    }

    /// Creates a topic.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn create_topic(&self, name: &str, description: &str) -> Topic {
        let body = serde_json::json!({ "name": name, "description": description });
        let response = self.send(Method::POST, "/api/topics", body).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        response.json().await.unwrap()
    }
}
