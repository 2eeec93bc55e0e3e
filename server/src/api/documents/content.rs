//! `GET /api/documents/{id}/content` and `/thumbnail`

use crate::{
    http::{
        caller::Called,
        download,
        input::{Asked, Id},
    },
    problem::ApiError,
};
use axum::{extract::State, http::HeaderMap, response::Response};
use domain::DocumentId;
use serde::Deserialize;
use services::Services;
use wire::Problem;

/// How to send the bytes.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContentQuery {
    /// `1` sends every type as an attachment.
    download: Option<u8>,
}

/// A document's bytes, whole or a range of them. PDF, PNG, JPEG and WebP may be shown by a browser;
/// everything else is an attachment.
#[utoipa::path(get, path = "/api/documents/{id}/content", tag = "documents",
    params(("id" = uuid::Uuid, Path), ContentQuery), responses(
    (status = 200, content_type = "*/*", description = "All bytes, in the document's own type"),
    (status = 206, content_type = "*/*", description = "The range that was asked for"),
    (status = 307, description = "With `download=1`, where the object store can be reached by browsers: the address of the bytes, good for a minute"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 416, description = "The range lies outside the file"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn content(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
    Asked(query): Asked<ContentQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let documents = services.documents();
    let content = documents.content(&caller, id).await?;
    if query.download == Some(1) {
        download::hand_over(content, &headers).await
    } else {
        download::send(content, &headers, false).await
    }
}

/// A picture of a document's first page.
#[utoipa::path(get, path = "/api/documents/{id}/thumbnail", tag = "documents", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, content_type = "image/jpeg"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn thumbnail(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let documents = services.documents();
    let content = documents.thumbnail(&caller, id).await?;
    download::send(content, &headers, false).await
}
