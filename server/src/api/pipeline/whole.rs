//! `GET /api/admin/pipeline`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Pipeline, Problem};

/// What waits, runs and failed of everybody's documents, and what was finished in each of the last 24
/// hours. Without the names of documents.
#[utoipa::path(get, path = "/api/admin/pipeline", tag = "admin", responses(
    (status = 200, body = Pipeline),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get_whole_pipeline(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<Pipeline> {
    Ok(Json(services.pipeline().whole(&caller).await?))
}
