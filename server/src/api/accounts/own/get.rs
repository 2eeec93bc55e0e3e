//! `GET /api/account`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Account, Problem};

/// One's own account.
#[utoipa::path(get, path = "/api/account", tag = "account", responses(
    (status = 200, body = Account),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<Account> {
    Ok(Json(services.accounts().me(&caller).await?.into()))
}
