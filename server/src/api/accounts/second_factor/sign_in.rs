//! `POST /api/auth/second-factor`

use crate::{
    api::{Answer, accounts::signed_in},
    http::{caller::Called, input::Body},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{GiveSecondFactor, Problem, SignedIn};

/// Goes on from a right password with a code of an authenticator app, or a recovery code.
#[utoipa::path(post, path = "/api/auth/second-factor", tag = "accounts",
    request_body = GiveSecondFactor, responses(
    (status = 200, body = SignedIn),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "`wrong_code`: try another; `sign_in_over`: begin again with the password"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn second_factor(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<GiveSecondFactor>,
) -> Answer<SignedIn> {
    let session = services.sign_ins().second_factor(&caller, &given).await?;
    Ok(Json(signed_in(&services, session)))
}
