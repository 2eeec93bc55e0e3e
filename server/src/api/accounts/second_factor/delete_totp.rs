//! `DELETE /api/account/second-factor/totp`

use crate::{
    http::{caller::Called, input::Body},
    problem::ApiError,
};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::{ConfirmPassword, Problem};

/// Switches the authenticator app off. Every other session ends.
#[utoipa::path(delete, path = "/api/account/second-factor/totp", tag = "account",
    request_body = ConfirmPassword, responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "There is no app"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete_totp(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ConfirmPassword>,
) -> Result<StatusCode, ApiError> {
    services
        .second_factors()
        .disable_totp(&caller, &given)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
