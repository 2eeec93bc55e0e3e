//! What is settled by links in mails: a forgotten password, another address.

use crate::AppError;
use leptos::prelude::*;
use wire::Email;

/// Sends a link to choose a new password, if there is an account of that name.
#[server(prefix = "/_fn", endpoint = "accounts/request_password_reset")]
pub(crate) async fn request_password_reset(login: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services
        .accounts()
        .request_password_reset(&caller, &wire::RequestPasswordReset { login })
        .await
        .map_err(fail)?;
    go_to("/forgot-password?done=sent");
    Ok(())
}

/// Sets a new password by the link in the mail.
#[server(prefix = "/_fn", endpoint = "accounts/reset_password")]
pub(crate) async fn reset_password(token: String, new_password: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let given = wire::ResetPassword {
        token,
        new_password,
    };
    services
        .accounts()
        .reset_password(&caller, &given)
        .await
        .map_err(fail)?;
    go_to("/login?done=password");
    Ok(())
}

/// One's own address, and the one that waits to be confirmed.
#[server(prefix = "/_fn", endpoint = "accounts/email")]
pub(crate) async fn get_email() -> Result<Email, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services.accounts().email(&caller).await.map_err(fail)
}

/// Sends a link to the address that one's account shall have.
#[server(prefix = "/_fn", endpoint = "accounts/change_email")]
pub(crate) async fn change_email(email: String, password: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services
        .accounts()
        .request_email_change(&caller, &wire::ChangeEmail { email, password })
        .await
        .map_err(fail)?;
    go_to("/account?done=email");
    Ok(())
}

/// Withdraws the address that waits to be confirmed.
#[server(prefix = "/_fn", endpoint = "accounts/withdraw_email")]
pub(crate) async fn withdraw_email() -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services
        .accounts()
        .withdraw_email_change(&caller)
        .await
        .map_err(fail)?;
    go_to("/account");
    Ok(())
}

/// Gives an account its new address by the link that was sent there.
#[server(prefix = "/_fn", endpoint = "accounts/confirm_email")]
pub(crate) async fn confirm_email(token: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    services
        .accounts()
        .confirm_email_change(&caller, &wire::ConfirmEmail { token })
        .await
        .map_err(fail)?;
    go_to("/confirm-email?done=yes");
    Ok(())
}
