//! `POST /api/account/email`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use services::Services;
use wire::{Accepted, ChangeEmail, Problem};

/// The same whether somebody has the address or not.
const ANSWER: &str = "A link is on its way to that address. It is your account's once the link is opened, within a day.";

/// Sends a link to the address that one's account shall have. The answer does not say whether somebody
/// has it.
#[utoipa::path(post, path = "/api/account/email", tag = "account",
    request_body = ChangeEmail, responses(
    (status = 202, body = Accepted),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The vault sends no mail"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn change_email(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ChangeEmail>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    services
        .accounts()
        .request_email_change(&caller, &given)
        .await?;
    let detail = ANSWER.to_owned();
    Ok((StatusCode::ACCEPTED, Json(Accepted { detail })))
}
