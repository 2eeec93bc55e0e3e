//! Passkeys: one's own, and signing in with one.

mod begin;
mod begin_sign_in;
mod create;
mod delete;
mod list;
mod rename;
mod sign_in;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(begin_sign_in::begin_sign_in))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(begin::begin))
        .routes(routes!(list::list, create::create))
        .routes(routes!(rename::rename, delete::delete))
}
