//! `POST /api/auth/passkey`

use crate::{api::Answer, api::accounts::signed_in, http::caller::Called, http::input::Body};
use axum::{Json, extract::State};
use services::Services;
use wire::{PasskeySignIn, Problem, SignedIn};

/// Signs in with a passkey: in place of name and password, or after them.
#[utoipa::path(post, path = "/api/auth/passkey", tag = "accounts",
    request_body = PasskeySignIn, responses(
    (status = 200, body = SignedIn),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "The passkey was not accepted"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "Browsers know no passkeys at this vault's address"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn sign_in(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<PasskeySignIn>,
) -> Answer<SignedIn> {
    let session = services.passkeys().sign_in(&caller, given).await?;
    Ok(Json(signed_in(&services, session)))
}
