//! `POST /api/auth/logout`

use crate::{http::caller::Called, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::Problem;

/// Ends the session that the request comes from.
#[utoipa::path(post, path = "/api/auth/logout", tag = "accounts", responses(
    (status = 204),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn log_out(
    State(services): State<Services>,
    Called(caller): Called,
) -> Result<StatusCode, ApiError> {
    services.sign_ins().log_out(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
