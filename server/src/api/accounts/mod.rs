//! Accounts: signing in and out, the first account, new ones. One's own account is in [`own`].

mod log_in;
mod log_out;
mod mail;
mod options;
mod own;
mod passkeys;
mod refresh;
mod register;
mod second_factor;
mod sessions;
mod set_up;
mod tokens;

use crate::AppState;
use secrecy::ExposeSecret;
use services::{Services, SignedIn};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(options::options))
        .routes(routes!(set_up::set_up))
        .routes(routes!(register::register))
        .routes(routes!(log_in::log_in))
        .routes(routes!(second_factor::sign_in::second_factor))
        .routes(routes!(refresh::refresh))
        .routes(routes!(log_out::log_out))
        .routes(routes!(own::get::get, own::delete::delete))
        .routes(routes!(own::change_password::change_password))
        .routes(routes!(own::invite::invite))
        .merge(mail::routes())
        .routes(routes!(
            sessions::list::list,
            sessions::delete_all::delete_all
        ))
        .routes(routes!(sessions::delete::delete))
        .routes(routes!(tokens::list::list, tokens::create::create))
        .routes(routes!(tokens::delete::delete))
        .merge(second_factor_routes())
        .merge(passkeys::routes())
}

fn second_factor_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(second_factor::get::get))
        .routes(routes!(
            second_factor::set_up_totp::set_up_totp,
            second_factor::delete_totp::delete_totp
        ))
        .routes(routes!(second_factor::confirm_totp::confirm_totp))
        .routes(routes!(
            second_factor::renew_recovery_codes::renew_recovery_codes
        ))
}

fn signed_in(services: &Services, session: SignedIn) -> wire::SignedIn {
    wire::SignedIn {
        access_token: session.access_token.expose_secret().to_owned(),
        token_type: "Bearer".to_owned(),
        expires_in: services.sign_ins().seconds_until(session.access_expires_at),
        refresh_token: session.refresh_token.expose().to_owned(),
    }
}
