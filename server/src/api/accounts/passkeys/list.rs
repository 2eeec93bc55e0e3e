//! `GET /api/account/passkeys`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{PasskeyList, Problem};

/// One's own passkeys, the oldest first.
#[utoipa::path(get, path = "/api/account/passkeys", tag = "account", responses(
    (status = 200, body = PasskeyList),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<PasskeyList> {
    Ok(Json(services.passkeys().list(&caller).await?))
}
