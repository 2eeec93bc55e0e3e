//! `GET /api/account/second-factor`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, SecondFactor};

/// What one's own account asks for besides the password.
#[utoipa::path(get, path = "/api/account/second-factor", tag = "account", responses(
    (status = 200, body = SecondFactor),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<SecondFactor> {
    Ok(Json(services.second_factors().get(&caller).await?))
}
