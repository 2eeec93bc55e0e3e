//! `PATCH /api/topics/{id}`

use crate::{
    api::Answer,
    http::{
        caller::Called,
        input::{Body, Id},
    },
};
use axum::{Json, extract::State};
use domain::TopicId;
use services::Services;
use wire::{Problem, Topic, TopicPatch};

/// Changes what the body names.
#[utoipa::path(patch, path = "/api/topics/{id}", tag = "topics", params(("id" = uuid::Uuid, Path)),
    request_body = TopicPatch, responses(
    (status = 200, body = Topic),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The name is taken"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn update(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<TopicId>,
    Body(patch): Body<TopicPatch>,
) -> Answer<Topic> {
    Ok(Json(
        services.topics().update(&caller, id, &patch).await?.into(),
    ))
}
