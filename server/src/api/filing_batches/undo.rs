//! `POST /api/filing-batches/{id}/undo`

use crate::{
    api::Answer,
    http::{caller::Called, input::Id},
};
use axum::{Json, extract::State};
use domain::FilingBatchId;
use services::Services;
use wire::{Problem, UndoneBatch};

/// Gives the documents of a batch back what they had before it. What a person has set since stays.
#[utoipa::path(post, path = "/api/filing-batches/{id}/undo", tag = "filing", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = UndoneBatch),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn undo(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<FilingBatchId>,
) -> Answer<UndoneBatch> {
    Ok(Json(services.filing_batches().undo(&caller, id).await?))
}
