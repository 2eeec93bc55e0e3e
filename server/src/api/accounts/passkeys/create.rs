//! `POST /api/account/passkeys`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{CreatedPasskey, NewPasskey, Problem};

/// Adds the passkey that the browser made. With an account's first second factor come recovery codes,
/// shown this once, and its other sessions end.
#[utoipa::path(post, path = "/api/account/passkeys", tag = "account",
    request_body = NewPasskey, responses(
    (status = 201, body = CreatedPasskey),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "It is there already, or there are 20"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "It does not answer what was asked, or that is over"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn create(
    State(services): State<Services>,
    Called(caller): Called,
    Body(new): Body<NewPasskey>,
) -> Result<(StatusCode, Json<CreatedPasskey>), ApiError> {
    let created = services.passkeys().create(&caller, new).await?;
    Ok((StatusCode::CREATED, Json(created)))
}
