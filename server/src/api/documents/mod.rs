//! Documents.

mod classify;
mod content;
mod delete;
mod get;
mod list;
mod parts;
mod retry;
mod set_topics;
mod upload;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(upload::upload))
        .routes(routes!(list::list))
        .routes(routes!(get::get, delete::delete))
        .routes(routes!(classify::classify))
        .routes(routes!(set_topics::set_topics))
        .routes(routes!(retry::retry))
        .routes(routes!(parts::parts))
        .routes(routes!(content::content))
        .routes(routes!(content::thumbnail))
}
