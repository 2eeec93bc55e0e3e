//! `GET /api/documents/{id}/parts`

use crate::{
    api::Answer,
    http::{caller::Called, input::Id},
};
use axum::{Json, extract::State};
use domain::DocumentId;
use services::Services;
use wire::{Problem, Relatives};

/// What came out of a document, when it is an archive or an e-mail, and what it came out of itself.
#[utoipa::path(get, path = "/api/documents/{id}/parts", tag = "documents", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = Relatives),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn parts(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
) -> Answer<Relatives> {
    Ok(Json(services.documents().relatives(&caller, id).await?))
}
