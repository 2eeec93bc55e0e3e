//! `DELETE /api/admin/users/{id}/second-factor`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use domain::UserId;
use services::Services;
use wire::Problem;

/// Takes away an account's authenticator app, recovery codes and passkeys, for an owner who lost them.
#[utoipa::path(delete, path = "/api/admin/users/{id}/second-factor", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account's id")), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The account is one's own"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn reset_second_factor(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<UserId>,
) -> Result<StatusCode, ApiError> {
    services.users().reset_second_factor(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
