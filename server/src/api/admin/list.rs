//! `GET /api/admin/users`

use crate::{
    api::Answer,
    http::{caller::Called, input::Asked},
};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, UserList, UserQuery};

/// One page of accounts, by handle.
#[utoipa::path(get, path = "/api/admin/users", tag = "admin", params(UserQuery), responses(
    (status = 200, body = UserList),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list_users(
    State(services): State<Services>,
    Called(caller): Called,
    Asked(query): Asked<UserQuery>,
) -> Answer<UserList> {
    Ok(Json(services.users().list(&caller, &query).await?))
}
