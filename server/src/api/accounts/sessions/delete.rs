//! `DELETE /api/account/sessions/{id}`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use domain::SessionId;
use services::Services;
use wire::Problem;

/// Signs out on one device.
#[utoipa::path(delete, path = "/api/account/sessions/{id}", tag = "account",
    params(("id" = uuid::Uuid, Path, description = "Its id")), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, ApiError> {
    services.sign_ins().revoke(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
