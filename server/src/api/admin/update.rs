//! `PATCH /api/admin/users/{id}`

use crate::{
    api::Answer,
    http::{
        caller::Called,
        input::{Body, Id},
    },
};
use axum::{Json, extract::State};
use domain::UserId;
use services::Services;
use wire::{ManagedUser, Problem, UserPatch};

/// Changes what the body names, all of it or nothing; `null` takes away.
#[utoipa::path(patch, path = "/api/admin/users/{id}", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    request_body = UserPatch, responses(
    (status = 200, body = ManagedUser),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The vault's last admin"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn update_user(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<UserId>,
    Body(patch): Body<UserPatch>,
) -> Answer<ManagedUser> {
    let user = services.users().update(&caller, id, &patch).await?;
    Ok(Json(user.into()))
}
