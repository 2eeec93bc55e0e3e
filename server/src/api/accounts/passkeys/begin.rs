//! `POST /api/account/passkeys/options`

use crate::{api::Answer, http::caller::Called, http::input::Body};
use axum::{Json, extract::State};
use services::Services;
use wire::{ConfirmPassword, PasskeyCeremony, Problem};

/// Begins to add a passkey: what the browser has to be asked.
#[utoipa::path(post, path = "/api/account/passkeys/options", tag = "account",
    request_body = ConfirmPassword, responses(
    (status = 200, body = PasskeyCeremony),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "There are 20 already, or browsers know no passkeys at this vault's address"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The password is wrong"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn begin(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<ConfirmPassword>,
) -> Answer<PasskeyCeremony> {
    Ok(Json(services.passkeys().begin(&caller, &given).await?))
}
