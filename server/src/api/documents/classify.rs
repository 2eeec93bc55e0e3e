//! `POST /api/documents/{id}/classify`

use crate::{
    http::{
        caller::Called,
        input::{Asked, Id, OptionalBody},
    },
    problem::ApiError,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::DocumentId;
use serde::Deserialize;
use services::{Services, Wait};
use std::time::Duration;
use wire::{ClassifyRequest, Document, Problem};

/// How long a call waits for the result.
const PATIENCE: Duration = Duration::from_secs(25);

/// Whether to wait.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaitQuery {
    /// `0` answers at once.
    wait: Option<u32>,
}

/// Has a document filed, and waits up to 25 s for the result.
#[utoipa::path(post, path = "/api/documents/{id}/classify", tag = "documents",
    params(("id" = uuid::Uuid, Path), WaitQuery), request_body(content = Option<ClassifyRequest>), responses(
    (status = 200, body = Document, description = "Filed"),
    (status = 202, body = Document, description = "Not filed yet: the document as it stands"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The document could not be read"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn classify(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<DocumentId>,
    Asked(query): Asked<WaitQuery>,
    OptionalBody(request): OptionalBody<ClassifyRequest>,
) -> Result<(StatusCode, Json<Document>), ApiError> {
    let wait = if query.wait == Some(0) {
        Wait::No
    } else {
        Wait::UpTo(PATIENCE)
    };
    let classified = services
        .documents()
        .classify(&caller, id, &request, wait)
        .await?;
    let status = if classified.done {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(classified.document.into())))
}
