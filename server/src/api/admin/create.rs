//! `POST /api/admin/users`

use crate::{http::caller::Called, http::input::Body, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use secrecy::ExposeSecret;
use services::Services;
use wire::{CreatedUser, NewUser, Problem};

/// Makes an account for somebody else. Nobody can sign in to it before its owner has chosen a password,
/// with the link.
#[utoipa::path(post, path = "/api/admin/users", tag = "admin",
    request_body = NewUser, responses(
    (status = 201, body = CreatedUser),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "Handle or address is taken"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn create_user(
    State(services): State<Services>,
    Called(caller): Called,
    Body(given): Body<NewUser>,
) -> Result<(StatusCode, Json<CreatedUser>), ApiError> {
    let (user, link) = services.users().create(&caller, &given).await?;
    let created = CreatedUser {
        link: link.expose_secret().to_owned(),
        user: user.into(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}
