//! `GET /api/account/email`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Email, Problem};

/// One's own address, and the one that waits to be confirmed.
#[utoipa::path(get, path = "/api/account/email", tag = "account", responses(
    (status = 200, body = Email),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get_email(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<Email> {
    Ok(Json(services.accounts().email(&caller).await?))
}
