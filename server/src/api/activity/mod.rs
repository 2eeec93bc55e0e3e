//! The log as people read it.

mod everybodys;
mod own;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(own::list_activity))
        .routes(routes!(everybodys::list_everybodys_activity))
}
