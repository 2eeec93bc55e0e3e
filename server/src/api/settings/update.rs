//! `PATCH /api/settings`

use crate::{
    api::Answer,
    http::{caller::Called, input::Body},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, Settings, SettingsPatch};

/// Changes what the body names, all of it or nothing.
#[utoipa::path(patch, path = "/api/settings", tag = "settings", request_body = SettingsPatch, responses(
    (status = 200, body = Settings),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "An admin chose another provider"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn update(
    State(services): State<Services>,
    Called(caller): Called,
    Body(patch): Body<SettingsPatch>,
) -> Answer<Settings> {
    Ok(Json(
        services.filing_settings().update(&caller, &patch).await?,
    ))
}
