//! `GET /api/pipeline`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Pipeline, Problem};

/// What waits, runs and failed of the caller's documents.
#[utoipa::path(get, path = "/api/pipeline", tag = "pipeline", responses(
    (status = 200, body = Pipeline),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get_pipeline(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<Pipeline> {
    Ok(Json(services.pipeline().own(&caller).await?))
}
