//! `DELETE /api/admin/users/{id}/sessions`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use domain::UserId;
use services::Services;
use wire::Problem;

/// Signs an account out everywhere. Its tokens for programs stay.
#[utoipa::path(delete, path = "/api/admin/users/{id}/sessions", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account's id")), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn sign_out_user(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<UserId>,
) -> Result<StatusCode, ApiError> {
    services.users().sign_out(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
