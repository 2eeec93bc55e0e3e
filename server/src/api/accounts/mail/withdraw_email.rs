//! `DELETE /api/account/email`

use crate::{http::caller::Called, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::Problem;

/// Withdraws the address that waits to be confirmed. The account keeps the one that it has.
#[utoipa::path(delete, path = "/api/account/email", tag = "account", responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn withdraw_email(
    State(services): State<Services>,
    Called(caller): Called,
) -> Result<StatusCode, ApiError> {
    services.accounts().withdraw_email_change(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
