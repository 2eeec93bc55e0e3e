//! `GET /api/admin/users/{id}`

use crate::{
    api::Answer,
    http::{caller::Called, input::Id},
};
use axum::{Json, extract::State};
use domain::UserId;
use services::Services;
use wire::{ManagedUser, Problem};

/// An account.
#[utoipa::path(get, path = "/api/admin/users/{id}", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "Its id")), responses(
    (status = 200, body = ManagedUser),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn get_user(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<UserId>,
) -> Answer<ManagedUser> {
    Ok(Json(services.users().get(&caller, id).await?.into()))
}
