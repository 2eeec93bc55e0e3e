//! `GET /api/documents`

use crate::{
    api::Answer,
    http::{caller::Called, input::Asked},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{DocumentList, DocumentQuery, Problem};

/// One page of documents, newest first.
#[utoipa::path(get, path = "/api/documents", tag = "documents", params(DocumentQuery), responses(
    (status = 200, body = DocumentList),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(services): State<Services>,
    Called(caller): Called,
    Asked(query): Asked<DocumentQuery>,
) -> Answer<DocumentList> {
    Ok(Json(
        services.documents().list(&caller, &query).await?.into(),
    ))
}
