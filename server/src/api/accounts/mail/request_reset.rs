//! `POST /api/auth/password-reset`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{Accepted, Problem, RequestPasswordReset};

/// The same whether there is such an account or not.
const ANSWER: &str =
    "If there is such an account, a link is on its way to its address. It works for 30 minutes.";

/// Sends a link to choose a new password. The answer does not say whether there is such an account.
#[utoipa::path(post, path = "/api/auth/password-reset", tag = "accounts",
    request_body = RequestPasswordReset, responses(
    (status = 202, body = Accepted),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The vault sends no mail"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn request_reset(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<RequestPasswordReset>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    services
        .accounts()
        .request_password_reset(&caller, &given)
        .await?;
    let detail = ANSWER.to_owned();
    Ok((StatusCode::ACCEPTED, Json(Accepted { detail })))
}
