//! `POST /api/account/second-factor/totp/confirm`

use crate::{
    api::Answer,
    http::{caller::Called, input::Body},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, RecoveryCodes, TotpCode};

/// Switches the authenticator app on, with a first code of it. Every other session ends.
#[utoipa::path(post, path = "/api/account/second-factor/totp/confirm", tag = "account",
    request_body = TotpCode, responses(
    (status = 200, body = RecoveryCodes),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "No app is being set up, or one is on already"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn confirm_totp(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<TotpCode>,
) -> Answer<RecoveryCodes> {
    let codes = services
        .second_factors()
        .confirm_totp(&caller, &given)
        .await?;
    Ok(Json(codes))
}
