//! `POST /api/auth/refresh`

use super::signed_in;
use crate::{api::Answer, http::caller::Called, http::input::Body};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, Refresh, SignedIn};

/// Exchanges a refresh token for the next pair. An old one coming back ends its session.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "accounts",
    request_body = Refresh, responses(
    (status = 200, body = SignedIn),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "The token is no longer good"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn refresh(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<Refresh>,
) -> Answer<SignedIn> {
    let session = services
        .sign_ins()
        .refresh(&caller, &given.refresh_token)
        .await?;
    Ok(Json(signed_in(&services, session)))
}
