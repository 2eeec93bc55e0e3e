//! `GET /api/account/sessions`

use crate::{api::Answer, http::caller::Called};
use axum::{Json, extract::State};
use services::Services;
use wire::{Problem, Session, SessionList};

/// Where one is signed in.
#[utoipa::path(get, path = "/api/account/sessions", tag = "account", responses(
    (status = 200, body = SessionList),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(services): State<Services>,
    Called(caller): Called,
) -> Answer<SessionList> {
    let (sessions, current) = services.sign_ins().sessions(&caller).await?;
    let sessions = sessions
        .into_iter()
        .map(|session| Session::new(session, current))
        .collect();
    Ok(Json(SessionList { sessions }))
}
