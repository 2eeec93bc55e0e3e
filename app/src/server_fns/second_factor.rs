//! The second factor: asked for while signing in, and set up on one's own account.
//!
//! Their forms are posted as forms always, also where scripts run: what has to be shown once travels
//! in a cookie that no script reads.

use crate::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wire::{RecoveryCodes, SecondFactor};

/// An authenticator app that is being set up, as its page shows it.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct NewApp {
    /// For typing into the app.
    pub secret: String,
    /// The QR code: how many modules to a side, and a path around the dark ones.
    pub qr: Option<(i32, String)>,
}

/// What may be shown for the sign-in that this browser has begun; `None` when there is none (any more).
#[server(prefix = "/_fn", endpoint = "second_factor/pending")]
pub(crate) async fn get_pending_sign_in() -> Result<Option<Vec<String>>, AppError> {
    use crate::{
        server_context::{context, fail, kept},
        session_cookies::Kept,
    };
    let (services, _) = context()?;
    let Some(token) = kept(Kept::PendingSignIn) else {
        return Ok(None);
    };
    let methods = services
        .sign_ins()
        .second_factor_methods(&token)
        .await
        .map_err(fail)?;
    Ok(methods.map(|methods| methods.into_iter().map(str::to_owned).collect()))
}

/// Shows a code, which ends signing in, and goes to `next`, a page of this vault.
#[server(prefix = "/_fn", endpoint = "second_factor/give")]
pub(crate) async fn give_second_factor(code: String, next: Option<String>) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, forget, go_to, kept, sign_in_browser},
        session_cookies::Kept,
        sign_in::after_sign_in,
    };
    let (services, caller) = context()?;
    let given = wire::GiveSecondFactor {
        token: kept(Kept::PendingSignIn).unwrap_or_default(),
        code,
    };
    let signed_in = services
        .sign_ins()
        .second_factor(&caller, &given)
        .await
        .map_err(fail)?;
    sign_in_browser(&signed_in)?;
    forget(Kept::PendingSignIn);
    go_to(&after_sign_in(next.as_deref()));
    Ok(())
}

/// What one's own account asks for besides the password.
#[server(prefix = "/_fn", endpoint = "second_factor/get")]
pub(crate) async fn get_second_factor() -> Result<SecondFactor, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services.second_factors().get(&caller).await.map_err(fail)
}

/// Begins to set up an authenticator app.
#[server(prefix = "/_fn", endpoint = "second_factor/begin_totp")]
pub(crate) async fn begin_totp(password: String) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, go_to, keep},
        session_cookies::Kept,
    };
    use secrecy::ExposeSecret;
    let (services, caller) = context()?;
    let set_up = services
        .second_factors()
        .begin_totp(&caller, &wire::ConfirmPassword { password })
        .await
        .map_err(fail)?;
    keep(Kept::TotpSecret, set_up.secret.expose_secret());
    go_to("/account/second-factor");
    Ok(())
}

/// The authenticator app that this browser is setting up; `None` when there is none (any more).
#[server(prefix = "/_fn", endpoint = "second_factor/totp_being_set_up")]
pub(crate) async fn get_totp_being_set_up() -> Result<Option<NewApp>, AppError> {
    use crate::{
        server_context::{context, fail, kept},
        session_cookies::Kept,
    };
    use secrecy::ExposeSecret;
    let (services, caller) = context()?;
    let set_up = services
        .second_factors()
        .totp_being_set_up(&caller, kept(Kept::TotpSecret).as_deref())
        .await
        .map_err(fail)?;
    Ok(set_up.map(|set_up| NewApp {
        secret: set_up.secret.expose_secret().to_owned(),
        qr: set_up.qr.map(|qr| (qr.side, qr.path)),
    }))
}

/// Switches the authenticator app on, with a first code of it.
#[server(prefix = "/_fn", endpoint = "second_factor/confirm_totp")]
pub(crate) async fn confirm_totp(code: String) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, forget, go_to, keep_recovery_codes},
        session_cookies::Kept,
    };
    let (services, caller) = context()?;
    let codes = services
        .second_factors()
        .confirm_totp(&caller, &wire::TotpCode { code })
        .await
        .map_err(fail)?;
    forget(Kept::TotpSecret);
    go_to(keep_recovery_codes(
        &codes,
        "/account?done=second-factor-on",
    ));
    Ok(())
}

/// Switches the authenticator app off.
#[server(prefix = "/_fn", endpoint = "second_factor/disable_totp")]
pub(crate) async fn disable_totp(password: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services
        .second_factors()
        .disable_totp(&caller, &wire::ConfirmPassword { password })
        .await
        .map_err(fail)?;
    go_to("/account?done=second-factor-off");
    Ok(())
}

/// Makes ten new recovery codes.
#[server(prefix = "/_fn", endpoint = "second_factor/renew_recovery_codes")]
pub(crate) async fn renew_recovery_codes(password: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to, keep_recovery_codes};
    let (services, caller) = context()?;
    let codes = services
        .second_factors()
        .renew_recovery_codes(&caller, &wire::ConfirmPassword { password })
        .await
        .map_err(fail)?;
    go_to(keep_recovery_codes(&codes, "/account"));
    Ok(())
}

/// The recovery codes that were made just now; a second time there are none.
#[server(prefix = "/_fn", endpoint = "second_factor/new_recovery_codes")]
pub(crate) async fn take_recovery_codes() -> Result<RecoveryCodes, AppError> {
    Ok(crate::server_context::take_recovery_codes())
}
