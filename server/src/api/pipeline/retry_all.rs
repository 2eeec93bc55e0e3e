//! `POST /api/admin/pipeline/retry`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, Retried};

/// Has everything that failed tried again, whoever's it is, up to 1000 documents at once.
#[utoipa::path(post, path = "/api/admin/pipeline/retry", tag = "admin", responses(
    (status = 200, body = Retried),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn retry_all_failures(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<Retried> {
    Ok(Json(services.pipeline().retry_all(&caller).await?))
}
