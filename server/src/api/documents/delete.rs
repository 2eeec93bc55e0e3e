//! `DELETE /api/documents/{id}`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use domain::DocumentId;
use services::Services;
use wire::Problem;

/// Removes a document and its bytes.
#[utoipa::path(delete, path = "/api/documents/{id}", tag = "documents", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
) -> Result<StatusCode, ApiError> {
    services.documents().delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
