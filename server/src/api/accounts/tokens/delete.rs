//! `DELETE /api/account/tokens/{id}`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use domain::ApiTokenId;
use services::Services;
use wire::Problem;

/// Removes a token; it stops at once.
#[utoipa::path(delete, path = "/api/account/tokens/{id}", tag = "account",
    params(("id" = uuid::Uuid, Path, description = "Its id")), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<ApiTokenId>,
) -> Result<StatusCode, ApiError> {
    services.api_tokens().delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
