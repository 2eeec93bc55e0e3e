//! `POST /api/auth/register`

use super::signed_in;
use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{Problem, Register, SignedIn};

/// Makes an account and signs in.
#[utoipa::path(post, path = "/api/auth/register", tag = "accounts",
    request_body = Register, responses(
    (status = 201, body = SignedIn),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "The vault takes nobody in, or the invitation does not work"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "Handle or address are taken"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn register(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<Register>,
) -> Result<(StatusCode, Json<SignedIn>), ApiError> {
    let user = services.accounts().register(&caller, &given).await?;
    let session = services.sign_ins().begin_first(&caller, user).await?;
    Ok((StatusCode::CREATED, Json(signed_in(&services, session))))
}
