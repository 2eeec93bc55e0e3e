//! `POST /api/account/password`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::{ChangePassword, Problem};

/// Changes one's password. Every other session ends.
#[utoipa::path(post, path = "/api/account/password", tag = "account",
    request_body = ChangePassword, responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn change_password(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ChangePassword>,
) -> Result<StatusCode, ApiError> {
    services.accounts().change_password(&caller, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}
