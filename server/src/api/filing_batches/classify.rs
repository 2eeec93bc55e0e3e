//! `POST /api/filing-batches/classify`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{ClassifyTogether, FilingBatch, Problem};

/// Has documents filed again, together. The answer comes at once; the documents follow one by one.
#[utoipa::path(post, path = "/api/filing-batches/classify", tag = "filing", request_body = ClassifyTogether, responses(
    (status = 202, body = FilingBatch, description = "They are being filed"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn classify(
    State(services): State<Services>,
    Called(caller): Called,
    Body(request): Body<ClassifyTogether>,
) -> Result<(StatusCode, Json<FilingBatch>), ApiError> {
    let batch = services
        .filing_batches()
        .classify(&caller, &request)
        .await?;
    Ok((StatusCode::ACCEPTED, Json(batch)))
}
