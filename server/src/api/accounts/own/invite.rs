//! `POST /api/admin/invitations`

use crate::{http::caller::Called, http::input::OptionalBody, problem::ApiError};
use axum::{Json, extract::State, http::StatusCode};
use secrecy::ExposeSecret;
use services::Services;
use wire::{Invitation, NewInvitation, Problem};

/// Invites somebody: a link that works once, sent by mail if that can be.
#[utoipa::path(post, path = "/api/admin/invitations", tag = "admin",
    request_body = NewInvitation, responses(
    (status = 201, body = Invitation),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The address has an account"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn invite(
    State(services): State<Services>,
    Called(caller): Called,
    OptionalBody(given): OptionalBody<NewInvitation>,
) -> Result<(StatusCode, Json<Invitation>), ApiError> {
    let invited = services.accounts().invite(&caller, &given).await?;
    let invitation = Invitation {
        link: invited.link.expose_secret().to_owned(),
        mailed: invited.mailed,
    };
    Ok((StatusCode::CREATED, Json(invitation)))
}
