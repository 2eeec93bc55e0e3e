//! `POST /api/auth/login`

use super::signed_in;
use crate::{api::Answer, http::caller::Called, http::input::Body};
use axum::{Json, extract::State};
use services::Services;
use wire::{LogIn, Problem, SignedIn};

/// Signs in.
#[utoipa::path(post, path = "/api/auth/login", tag = "accounts",
    request_body = LogIn, responses(
    (status = 200, body = SignedIn),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "Name and password do not go together"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn log_in(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<LogIn>,
) -> Answer<SignedIn> {
    let session = services.sign_ins().log_in(&caller, &given).await?;
    Ok(Json(signed_in(&services, session)))
}
