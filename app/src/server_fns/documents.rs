//! Documents: list, get, upload, classify, set topics, retry, delete.

use super::multipart::CheckedMultipart;
use crate::AppError;
use leptos::{prelude::*, server_fn::ServerFn};
use server_fn::codec::MultipartData;
use uuid::Uuid;
use wire::{Document, DocumentList, Relatives};

/// Whether that path takes in files, whose bodies are as long as they are.
pub fn is_upload(path: &str) -> bool {
    path == "/api/documents/upload" || path == UploadDocument::PATH
}

/// One page of documents, newest first.
#[server(prefix = "/_fn", endpoint = "documents/list")]
pub(crate) async fn list_documents(
    topic: Option<String>,
    status: Option<String>,
    name: Option<String>,
    page: Option<i64>,
) -> Result<DocumentList, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let query = wire::DocumentQuery {
        topic,
        status,
        name,
        page,
        ..wire::DocumentQuery::default()
    };
    services
        .documents()
        .list(&caller, &query)
        .await
        .map(Into::into)
        .map_err(fail)
}

/// One document, with the beginning of its text.
#[server(prefix = "/_fn", endpoint = "documents/get")]
pub(crate) async fn get_document(id: Uuid) -> Result<Document, AppError> {
    use crate::{
        format::shorten_text,
        server_context::{context, fail},
    };
    let (services, caller) = context()?;
    let document: Document = services
        .documents()
        .get(&caller, id.into())
        .await
        .map_err(fail)?
        .into();
    Ok(Document {
        extracted_text: document.extracted_text.map(shorten_text),
        ..document
    })
}

/// What a document came out of, and what came out of it.
#[server(prefix = "/_fn", endpoint = "documents/parts")]
pub(crate) async fn document_parts(id: Uuid) -> Result<Relatives, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services
        .documents()
        .relatives(&caller, id.into())
        .await
        .map_err(fail)
}

/// Takes in a file: the part `file`, and optionally `auto_classify`.
#[server(prefix = "/_fn", endpoint = "documents/upload", input = CheckedMultipart, input_derive = ())]
pub(crate) async fn upload_document(form: MultipartData) -> Result<Document, AppError> {
    use crate::server_context::{content_length, context, fail};
    let (services, caller) = context()?;
    let form = form
        .into_inner()
        .ok_or_else(|| fail(domain::Error::internal()))?;
    services
        .uploads()
        .from_form(&caller, form, content_length())
        .await
        .map(Into::into)
        .map_err(fail)
}

/// Files a document again, under these topics or any.
#[server(prefix = "/_fn", endpoint = "documents/classify")]
pub(crate) async fn classify_document(
    id: Uuid,
    #[server(default)] topics: Vec<String>,
) -> Result<Document, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let request = wire::ClassifyRequest {
        topics: (!topics.is_empty()).then_some(topics),
    };
    let classified = services
        .documents()
        .classify(&caller, id.into(), &request, services::Wait::No)
        .await;
    classified.map(|done| done.document.into()).map_err(fail)
}

/// Files a document under these topics and no others, for good.
#[server(prefix = "/_fn", endpoint = "documents/set_topics")]
pub(crate) async fn set_document_topics(
    id: Uuid,
    #[server(default)] topics: Vec<String>,
) -> Result<Document, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let topics = wire::SetTopics { topics };
    services
        .documents()
        .set_topics(&caller, id.into(), &topics)
        .await
        .map(Into::into)
        .map_err(fail)
}

/// Processes a failed document again.
#[server(prefix = "/_fn", endpoint = "documents/retry")]
pub(crate) async fn retry_document(id: Uuid) -> Result<Document, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services
        .documents()
        .retry(&caller, id.into())
        .await
        .map(Into::into)
        .map_err(fail)
}

/// Deletes a document and its bytes, and goes back to the list.
#[server(prefix = "/_fn", endpoint = "documents/delete")]
pub(crate) async fn delete_document(id: Uuid, back: Option<String>) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, go_to},
        sign_in::after_sign_in,
    };
    let (services, caller) = context()?;
    services
        .documents()
        .delete(&caller, id.into())
        .await
        .map_err(fail)?;
    go_to(&after_sign_in(back.as_deref()));
    Ok(())
}
