//! What is settled by links in mails: a forgotten password, another address.

mod change_email;
mod confirm_email;
mod get_email;
mod request_reset;
mod reset;
mod withdraw_email;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(request_reset::request_reset))
        .routes(routes!(reset::reset))
        .routes(routes!(
            get_email::get_email,
            change_email::change_email,
            withdraw_email::withdraw_email
        ))
        .routes(routes!(confirm_email::confirm_email))
}
