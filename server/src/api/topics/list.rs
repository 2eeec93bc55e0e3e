//! `GET /api/topics`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, Topic, TopicList};

/// All topics, by name.
#[utoipa::path(get, path = "/api/topics", tag = "topics", responses(
    (status = 200, body = TopicList),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<TopicList> {
    let topics = services.topics().list(&caller).await?;
    Ok(Json(TopicList {
        topics: topics.into_iter().map(Topic::from).collect(),
    }))
}
