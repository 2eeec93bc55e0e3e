//! `DELETE /api/account/passkeys/{id}`

use crate::{
    http::caller::Called,
    http::input::{Body, Id},
    problem::ApiError,
};
use axum::{extract::State, http::StatusCode};
use domain::PasskeyId;
use services::Services;
use wire::{ConfirmPassword, Problem};

/// Removes a passkey. Every other session ends; with the last second factor the recovery codes go, too.
#[utoipa::path(delete, path = "/api/account/passkeys/{id}", tag = "account",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    request_body = ConfirmPassword, responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The password is wrong"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<PasskeyId>,
    Body(given): Body<ConfirmPassword>,
) -> Result<StatusCode, ApiError> {
    services.passkeys().delete(&caller, id, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}
