//! `DELETE /api/account/sessions`

use crate::{http::caller::Called, problem::ApiError};
use axum::{extract::State, http::StatusCode};
use services::Services;
use wire::Problem;

/// Signs out everywhere, here too.
#[utoipa::path(delete, path = "/api/account/sessions", tag = "account", responses(
    (status = 204),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn delete_all(
    State(services): State<Services>,
    Called(caller): Called,
) -> Result<StatusCode, ApiError> {
    services.sign_ins().log_out_everywhere(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
