//! `POST /api/auth/passkey/options`

use crate::{api::Answer, http::caller::Called, http::input::Body};
use axum::{Json, extract::State};
use services::Services;
use wire::{PasskeyCeremony, PasskeySignInRequest, Problem};

/// Begins to sign in with a passkey: what the browser has to be asked.
#[utoipa::path(post, path = "/api/auth/passkey/options", tag = "accounts",
    request_body = PasskeySignInRequest, responses(
    (status = 200, body = PasskeyCeremony),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "The sign-in that waits for its second factor is over"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "Browsers know no passkeys at this vault's address"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn begin_sign_in(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<PasskeySignInRequest>,
) -> Answer<PasskeyCeremony> {
    Ok(Json(
        services.passkeys().begin_sign_in(&caller, &given).await?,
    ))
}
