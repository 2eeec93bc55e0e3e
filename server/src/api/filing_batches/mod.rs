//! Filing many documents by one act, and undoing it.

mod classify;
mod file;
mod undo;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(classify::classify))
        .routes(routes!(file::file))
        .routes(routes!(undo::undo))
}
