//! `PUT /api/documents/{id}/topics`

use crate::{
    api::Answer,
    http::{
        caller::Called,
        input::{Body, Id},
    },
};
use axum::{Json, extract::State};
use domain::DocumentId;
use services::Services;
use wire::{Document, Problem, SetTopics};

/// Makes these topics what a person says the document is about. The machine does not change them.
#[utoipa::path(put, path = "/api/documents/{id}/topics", tag = "documents", params(("id" = uuid::Uuid, Path)),
    request_body = SetTopics, responses(
    (status = 200, body = Document),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn set_topics(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
    Body(request): Body<SetTopics>,
) -> Answer<Document> {
    Ok(Json(
        services
            .documents()
            .set_topics(&caller, id, &request)
            .await?
            .into(),
    ))
}
