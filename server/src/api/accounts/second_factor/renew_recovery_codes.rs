//! `POST /api/account/second-factor/recovery-codes`

use crate::{
    api::Answer,
    http::{caller::Called, input::Body},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{ConfirmPassword, Problem, RecoveryCodes};

/// Makes ten new recovery codes. Those from before no longer work.
#[utoipa::path(post, path = "/api/account/second-factor/recovery-codes", tag = "account",
    request_body = ConfirmPassword, responses(
    (status = 200, body = RecoveryCodes),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The account has no second factor"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn renew_recovery_codes(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ConfirmPassword>,
) -> Answer<RecoveryCodes> {
    let codes = services
        .second_factors()
        .renew_recovery_codes(&caller, &given)
        .await?;
    Ok(Json(codes))
}
