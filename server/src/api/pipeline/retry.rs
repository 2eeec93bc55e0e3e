//! `POST /api/admin/pipeline/{id}/retry`

use crate::{
    api::Answer,
    http::{caller::Called, input::Id},
};
use axum::{Json, extract::State};
use domain::DocumentId;
use services::Services;
use wire::{Problem, Retried};

/// Has a document that failed tried again, whoever's it is.
#[utoipa::path(post, path = "/api/admin/pipeline/{id}/retry", tag = "admin", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = Retried),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The document did not fail"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn retry_failure(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
) -> Answer<Retried> {
    Ok(Json(services.pipeline().retry(&caller, id).await?))
}
