//! `GET /api/settings`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, Settings};

/// The filing settings. Keys are shown as set or not.
#[utoipa::path(get, path = "/api/settings", tag = "settings", responses(
    (status = 200, body = Settings),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<Settings> {
    Ok(Json(services.filing_settings().get(&caller).await?))
}
