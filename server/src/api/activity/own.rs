//! `GET /api/activity`

use crate::{
    api::Answer,
    http::{caller::Called, input::Asked},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{Activity, ActivityQuery, Problem};

/// What the caller did and what was done to their account, newest first. A page goes on where the one
/// before ended, also when something happened meanwhile.
#[utoipa::path(get, path = "/api/activity", tag = "activity", params(ActivityQuery), responses(
    (status = 200, body = Activity),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list_activity(
    State(services): State<Services>,
    Called(caller): Called,
    Asked(query): Asked<ActivityQuery>,
) -> Answer<Activity> {
    Ok(Json(services.activity().own(&caller, &query).await?))
}
