//! `POST /api/documents/{id}/retry`

use crate::{
    api::Answer,
    http::{caller::Called, input::Id},
};
use axum::{Json, extract::State};
use domain::DocumentId;
use services::Services;
use wire::{Document, Problem};

/// Has a document that could not be read processed again.
#[utoipa::path(post, path = "/api/documents/{id}/retry", tag = "documents", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = Document),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The document did not fail"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn retry(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
) -> Answer<Document> {
    Ok(Json(services.documents().retry(&caller, id).await?.into()))
}
