//! `POST /api/settings/test`

use crate::{
    api::Answer,
    http::{caller::Called, input::OptionalBody},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, TestRequest, TestResult};

/// Asks a provider for a sign of life; the active one unless the body names another.
#[utoipa::path(post, path = "/api/settings/test", tag = "settings",
    request_body(content = Option<TestRequest>), responses(
    (status = 200, body = TestResult, description = "Whether it answered; a failure is a result too"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "More than 20 tests in a minute"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn test(
    State(services): State<Services>,
    Called(caller): Called,
    OptionalBody(request): OptionalBody<TestRequest>,
) -> Answer<TestResult> {
    Ok(Json(
        services.filing_settings().test(&caller, &request).await?,
    ))
}
