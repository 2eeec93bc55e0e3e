//! `GET /api/admin/activity`

use crate::{
    api::Answer,
    http::{caller::Called, input::Asked},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{Activity, EverybodysActivityQuery, Problem};

/// What everybody did, newest first; or what one person did and what was done to their account. Without
/// the names of documents.
#[utoipa::path(get, path = "/api/admin/activity", tag = "admin", params(EverybodysActivityQuery), responses(
    (status = 200, body = Activity),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list_everybodys_activity(
    State(services): State<Services>,
    Called(caller): Called,
    Asked(query): Asked<EverybodysActivityQuery>,
) -> Answer<Activity> {
    Ok(Json(services.activity().everybodys(&caller, &query).await?))
}
