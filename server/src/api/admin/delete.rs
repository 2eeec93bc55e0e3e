//! `DELETE /api/admin/users/{id}`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use domain::UserId;
use services::Services;
use wire::Problem;

/// Deletes an account with everything in it.
#[utoipa::path(delete, path = "/api/admin/users/{id}", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "Its id")), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The vault's last admin"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete_user(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<UserId>,
) -> Result<StatusCode, ApiError> {
    services.users().delete(&caller, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
