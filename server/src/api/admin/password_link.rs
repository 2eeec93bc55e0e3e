//! `POST /api/admin/users/{id}/password-link`

use crate::{http::caller::Called, http::input::Id, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use domain::UserId;
use secrecy::ExposeSecret;
use services::Services;
use wire::{PasswordLink, Problem};

/// Makes a link with which an account's owner chooses a new password. An earlier one no longer works.
#[utoipa::path(post, path = "/api/admin/users/{id}/password-link", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account's id")), responses(
    (status = 201, body = PasswordLink),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The account is disabled, or one's own"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn create_password_link(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<UserId>,
) -> Result<(StatusCode, Json<PasswordLink>), ApiError> {
    let link = services.users().password_link(&caller, id).await?;
    let link = link.expose_secret().to_owned();
    Ok((StatusCode::CREATED, Json(PasswordLink { link })))
}
