//! `POST /api/account/tokens`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{CreatedApiToken, NewApiToken, Problem};

/// Makes a token. Its text is shown this once.
#[utoipa::path(post, path = "/api/account/tokens", tag = "account",
    request_body = NewApiToken, responses(
    (status = 201, body = CreatedApiToken),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The name is taken"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn create(
    State(services): State<Services>,
    Called(caller): Called,
    Body(new): Body<NewApiToken>,
) -> Result<(StatusCode, Json<CreatedApiToken>), ApiError> {
    let (described, secret) = services.api_tokens().create(&caller, &new).await?;
    let created = CreatedApiToken {
        token: secret.expose().to_owned(),
        described: described.into(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}
