//! Everybody's accounts, for admins. What is in them is nowhere here.

mod create;
mod delete;
mod get;
mod list;
mod password_link;
mod scrub;
mod second_factor;
mod sessions;
mod update;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_users, create::create_user))
        .routes(routes!(
            get::get_user,
            update::update_user,
            delete::delete_user
        ))
        .routes(routes!(password_link::create_password_link))
        .routes(routes!(scrub::get_scrub, scrub::begin_scrub))
        .routes(routes!(second_factor::reset_second_factor))
        .routes(routes!(sessions::sign_out_user))
}
