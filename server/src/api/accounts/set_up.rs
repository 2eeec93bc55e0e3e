//! `POST /api/auth/setup`

use super::signed_in;
use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{Problem, SetUp, SignedIn};

/// Makes the vault's first account, an admin's, with the link that the server printed, and signs in.
#[utoipa::path(post, path = "/api/auth/setup", tag = "accounts",
    request_body = SetUp, responses(
    (status = 201, body = SignedIn),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "The link does not work (any more)"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn set_up(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<SetUp>,
) -> Result<(StatusCode, Json<SignedIn>), ApiError> {
    let user = services.accounts().set_up(&caller, &given).await?;
    let session = services.sign_ins().begin_first(&caller, user).await?;
    Ok((StatusCode::CREATED, Json(signed_in(&services, session))))
}
