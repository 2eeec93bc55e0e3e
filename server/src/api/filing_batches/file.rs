//! `POST /api/filing-batches/topics`

use crate::{
    api::Answer,
    http::{caller::Called, input::Body},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{FileTogether, FilingBatch, Problem};

/// Puts documents under topics and takes them off others, together. The machine does not change that.
#[utoipa::path(post, path = "/api/filing-batches/topics", tag = "filing", request_body = FileTogether, responses(
    (status = 200, body = FilingBatch),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn file(
    State(services): State<Services>,
    Called(caller): Called,
    Body(request): Body<FileTogether>,
) -> Answer<FilingBatch> {
    Ok(Json(
        services.filing_batches().file(&caller, &request).await?,
    ))
}
