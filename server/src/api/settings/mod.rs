//! The filing settings.

mod get;
mod test;
mod update;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get, update::update))
        .routes(routes!(test::test))
}
