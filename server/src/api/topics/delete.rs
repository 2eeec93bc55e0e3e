//! `DELETE /api/topics/{id}`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use domain::TopicId;
use services::Services;
use wire::Problem;

/// Removes a topic. Its documents stay.
#[utoipa::path(delete, path = "/api/topics/{id}", tag = "topics", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<TopicId>,
) -> Result<StatusCode, ApiError> {
    services.topics().delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
