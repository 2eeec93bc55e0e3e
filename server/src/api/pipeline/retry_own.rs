//! `POST /api/pipeline/retry`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, Retried};

/// Has everything of the caller's that failed tried again, up to 1000 documents at once.
#[utoipa::path(post, path = "/api/pipeline/retry", tag = "pipeline", responses(
    (status = 200, body = Retried),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn retry_own_failures(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<Retried> {
    Ok(Json(services.pipeline().retry_own(&caller).await?))
}
