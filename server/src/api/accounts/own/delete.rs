//! `DELETE /api/account`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::{DeleteAccount, Problem};

/// Deletes one's own account with everything in it.
#[utoipa::path(delete, path = "/api/account", tag = "account",
    request_body = DeleteAccount, responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The vault's only admin"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<DeleteAccount>,
) -> Result<StatusCode, ApiError> {
    services.accounts().delete(&caller, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}
