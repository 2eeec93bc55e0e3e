//! Passkeys: one's own, and signing in with one.
//!
//! What the browser's authenticator is asked comes as a call's answer; what it says is posted as a form.

use crate::AppError;
use leptos::prelude::*;
use uuid::Uuid;
use wire::PasskeyList;

/// One's own passkeys, the oldest first.
#[server(prefix = "/_fn", endpoint = "passkeys/list")]
pub(crate) async fn list_passkeys() -> Result<PasskeyList, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services.passkeys().list(&caller).await.map_err(fail)
}

/// Begins to add a passkey: the question's id, and the question as JSON.
#[server(prefix = "/_fn", endpoint = "passkeys/begin")]
pub(crate) async fn begin_passkey(password: String) -> Result<(Uuid, String), AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let asked = services
        .passkeys()
        .begin(&caller, &wire::ConfirmPassword { password })
        .await
        .map_err(fail)?;
    Ok((asked.ceremony, asked.options.to_string()))
}

/// Adds the passkey that the browser made, which is JSON.
#[server(prefix = "/_fn", endpoint = "passkeys/create")]
pub(crate) async fn create_passkey(
    ceremony: Uuid,
    name: String,
    credential: String,
) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to, keep_recovery_codes};
    let (services, caller) = context()?;
    let new = wire::NewPasskey {
        ceremony,
        name,
        credential: serde_json::from_str(&credential).unwrap_or_default(),
    };
    let created = services
        .passkeys()
        .create(&caller, new)
        .await
        .map_err(fail)?;
    let codes = wire::RecoveryCodes {
        recovery_codes: created.recovery_codes.unwrap_or_default(),
    };
    go_to(keep_recovery_codes(&codes, "/account?done=passkey-added"));
    Ok(())
}

/// Gives a passkey another name.
#[server(prefix = "/_fn", endpoint = "passkeys/rename")]
pub(crate) async fn rename_passkey(id: Uuid, name: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services
        .passkeys()
        .rename(&caller, id.into(), &wire::PasskeyPatch { name })
        .await
        .map_err(fail)?;
    go_to("/account?done=passkey-renamed");
    Ok(())
}

/// Removes a passkey; every other session ends.
#[server(prefix = "/_fn", endpoint = "passkeys/delete")]
pub(crate) async fn delete_passkey(id: Uuid, password: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services
        .passkeys()
        .delete(&caller, id.into(), &wire::ConfirmPassword { password })
        .await
        .map_err(fail)?;
    go_to("/account?done=passkey-removed");
    Ok(())
}

/// Begins to sign in with a passkey, in place of the password or after it: the question's id, and the
/// question as JSON.
#[server(prefix = "/_fn", endpoint = "passkeys/begin_sign_in")]
pub(crate) async fn begin_passkey_sign_in(second_factor: bool) -> Result<(Uuid, String), AppError> {
    use crate::server_context::{context, fail, pending_sign_in};
    let (services, caller) = context()?;
    let given = wire::PasskeySignInRequest {
        second_factor_token: pending_sign_in(second_factor),
    };
    let asked = services
        .passkeys()
        .begin_sign_in(&caller, &given)
        .await
        .map_err(fail)?;
    Ok((asked.ceremony, asked.options.to_string()))
}

/// Signs in with what the browser's authenticator said, which is JSON, and goes to `next`, a page of
/// this vault.
#[server(prefix = "/_fn", endpoint = "passkeys/sign_in")]
pub(crate) async fn sign_in_with_passkey(
    ceremony: Uuid,
    credential: String,
    second_factor: bool,
    next: Option<String>,
) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, forget, go_to, pending_sign_in, sign_in_browser},
        session_cookies::Kept,
        sign_in::after_sign_in,
    };
    let (services, caller) = context()?;
    let given = wire::PasskeySignIn {
        ceremony,
        credential: serde_json::from_str(&credential).unwrap_or_default(),
        second_factor_token: pending_sign_in(second_factor),
    };
    let signed_in = services
        .passkeys()
        .sign_in(&caller, given)
        .await
        .map_err(fail)?;
    sign_in_browser(&signed_in)?;
    forget(Kept::PendingSignIn);
    go_to(&after_sign_in(next.as_deref()));
    Ok(())
}
