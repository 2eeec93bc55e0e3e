//! `PATCH /api/account/passkeys/{id}`

use crate::{
    api::Answer,
    http::caller::Called,
    http::input::{Body, Id},
};
use axum::{Json, extract::State};
use domain::PasskeyId;
use services::Services;
use wire::{Passkey, PasskeyPatch, Problem};

/// Gives a passkey another name.
#[utoipa::path(patch, path = "/api/account/passkeys/{id}", tag = "account",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    request_body = PasskeyPatch, responses(
    (status = 200, body = Passkey),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn rename(
    State(services): State<Services>,
    Called(caller): Called,
    Id(id): Id<PasskeyId>,
    Body(patch): Body<PasskeyPatch>,
) -> Answer<Passkey> {
    let passkey = services.passkeys().rename(&caller, id, &patch).await?;
    Ok(Json(passkey.into()))
}
