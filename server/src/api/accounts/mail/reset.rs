//! `POST /api/auth/password-reset/confirm`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::{Problem, ResetPassword};

/// Sets a new password by the link in the mail. Every session ends; nobody is signed in.
#[utoipa::path(post, path = "/api/auth/password-reset/confirm", tag = "accounts",
    request_body = ResetPassword, responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "The link does not work (any more)"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The password is easy to guess; the link still works"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn reset(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ResetPassword>,
) -> Result<StatusCode, ApiError> {
    services.accounts().reset_password(&caller, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}
