//! `POST /api/auth/email-change/confirm`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::{ConfirmEmail, Problem};

/// Gives an account its new address by the link that was sent there. The link says whose account it is.
#[utoipa::path(post, path = "/api/auth/email-change/confirm", tag = "accounts",
    request_body = ConfirmEmail, responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "The link does not work (any more)"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The address can't be had any more; the link still works"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn confirm_email(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ConfirmEmail>,
) -> Result<StatusCode, ApiError> {
    services
        .accounts()
        .confirm_email_change(&caller, &given)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
