//! The background work: one's own, and for admins everybody's.

mod own;
mod retry;
mod retry_all;
mod retry_own;
mod whole;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(own::get_pipeline))
        .routes(routes!(retry_own::retry_own_failures))
        .routes(routes!(whole::get_whole_pipeline))
        .routes(routes!(retry_all::retry_all_failures))
        .routes(routes!(retry::retry_failure))
}
