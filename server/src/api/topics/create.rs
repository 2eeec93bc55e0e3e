//! `POST /api/topics`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{NewTopic, Problem, Topic};

/// Creates a topic.
#[utoipa::path(post, path = "/api/topics", tag = "topics", request_body = NewTopic, responses(
    (status = 201, body = Topic),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The name is taken"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn create(
    State(services): State<Services>,
    Called(caller): Called,
    Body(new): Body<NewTopic>,
) -> Result<(StatusCode, Json<Topic>), ApiError> {
    let topic = services.topics().create(&caller, &new).await?;
    Ok((StatusCode::CREATED, Json(topic.into())))
}
