//! `GET /api/account/tokens`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{ApiToken, ApiTokenList, Problem};

/// One's tokens, the newest first.
#[utoipa::path(get, path = "/api/account/tokens", tag = "account", responses(
    (status = 200, body = ApiTokenList),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<ApiTokenList> {
    let tokens = services.api_tokens().list(&caller).await?;
    let tokens = tokens.into_iter().map(ApiToken::from).collect();
    Ok(Json(ApiTokenList { tokens }))
}
