//! `GET /api/auth/options`

use crate::api::Answer;
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, SignInOptions};

/// What a sign-in page should offer.
#[utoipa::path(get, path = "/api/auth/options", tag = "accounts", responses(
    (status = 200, body = SignInOptions),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn options(State(services): State<Services>) -> Answer<SignInOptions> {
    let accounts = services.accounts();
    Ok(Json(SignInOptions {
        wants_set_up: accounts.wants_set_up().await?,
        registration: accounts.registration().as_str().to_owned(),
        mail: services.sends_mail(),
        passkeys: services.passkeys().are_possible(),
    }))
}
