//! `GET` and `POST /api/admin/scrub`

use crate::{api::Answer, http::caller::Called, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{Problem, ScrubReport};

/// The last look whether every document's bytes are in the store and whole, and what it found.
#[utoipa::path(get, path = "/api/admin/scrub", tag = "admin", responses(
    (status = 200, body = ScrubReport),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get_scrub(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<ScrubReport> {
    Ok(Json(services.scrubbing().report(&caller).await?))
}

/// Has a worker look now. If one is looking already, that goes on.
#[utoipa::path(post, path = "/api/admin/scrub", tag = "admin", responses(
    (status = 202, body = ScrubReport),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn begin_scrub(
    State(services): State<Services>,
    Called(caller): Called,
) -> Result<(StatusCode, Json<ScrubReport>), ApiError> {
    let report = services.scrubbing().request(&caller).await?;
    Ok((StatusCode::ACCEPTED, Json(report)))
}
