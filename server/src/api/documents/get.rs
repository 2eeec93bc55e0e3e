//! `GET /api/documents/{id}`

use crate::{
    api::Answer,
    http::{caller::Called, input::Id},
};
use axum::{Json, extract::State};
use domain::DocumentId;
use services::Services;
use wire::{Document, Problem};

/// One document, with its text.
#[utoipa::path(get, path = "/api/documents/{id}", tag = "documents", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = Document),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
) -> Answer<Document> {
    Ok(Json(services.documents().get(&caller, id).await?.into()))
}
