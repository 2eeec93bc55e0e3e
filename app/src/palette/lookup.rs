//! What the palette asks the server for: the topics, and documents by their names.

use super::{Act, Command};
use crate::format::query_value;
use leptos::prelude::window;
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

#[derive(Deserialize)]
struct Topics {
    topics: Vec<TopicName>,
}

#[derive(Deserialize)]
struct TopicName {
    name: String,
}

#[derive(Deserialize)]
struct Documents {
    documents: Vec<DocumentName>,
}

#[derive(Deserialize)]
struct DocumentName {
    id: Uuid,
    original_name: String,
}

/// Every topic, which leads to its documents.
pub(super) async fn topics() -> Result<Vec<Command>, JsValue> {
    let list: Topics = json("/api/topics").await?;
    let commands = list.topics.into_iter().map(|topic| Command {
        act: Act::Go(format!("/documents?topic={}", query_value(&topic.name))),
        label: topic.name,
        kind: "Topic",
    });
    Ok(commands.collect())
}

/// The newest documents whose names hold this.
pub(super) async fn documents(name: &str) -> Result<Vec<Command>, JsValue> {
    let address = format!("/api/documents?per_page=5&name={}", query_value(name));
    let list: Documents = json(&address).await?;
    let commands = list.documents.into_iter().map(|document| Command {
        act: Act::Go(format!("/documents/{}", document.id)),
        label: document.original_name,
        kind: "Document",
    });
    Ok(commands.collect())
}

async fn json<T: DeserializeOwned>(address: &str) -> Result<T, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(address))
        .await?
        .dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    serde_json::from_str(&text.as_string().unwrap_or_default()).map_err(|_| JsValue::NULL)
}
