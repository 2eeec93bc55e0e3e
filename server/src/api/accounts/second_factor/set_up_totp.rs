//! `POST /api/account/second-factor/totp`

use crate::{
    api::Answer,
    http::{caller::Called, input::Body},
};
use axum::{Json, extract::State};
use secrecy::ExposeSecret;
use services::Services;
use wire::{ConfirmPassword, Problem, TotpSetUp};

/// Begins to set up an authenticator app. It is asked for nothing before it has shown a first code.
#[utoipa::path(post, path = "/api/account/second-factor/totp", tag = "account",
    request_body = ConfirmPassword, responses(
    (status = 200, body = TotpSetUp),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "An app is on already"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn set_up_totp(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ConfirmPassword>,
) -> Answer<TotpSetUp> {
    let set_up = services
        .second_factors()
        .begin_totp(&caller, &given)
        .await?;
    Ok(Json(TotpSetUp {
        secret: set_up.secret.expose_secret().to_owned(),
        uri: set_up.uri.expose_secret().to_owned(),
        qr_svg: set_up.qr.map(|qr| qr.svg()),
    }))
}
