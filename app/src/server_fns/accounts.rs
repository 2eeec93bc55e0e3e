//! Accounts: making one, signing in and out, one's own.

use crate::AppError;
use leptos::prelude::*;
use uuid::Uuid;
use wire::{Account, SessionList};

/// What the page to sign in on should offer.
#[server(prefix = "/_fn", endpoint = "accounts/options")]
pub(crate) async fn get_sign_in_options() -> Result<wire::SignInOptions, AppError> {
    use crate::server_context::{context, fail};
    let (services, _) = context()?;
    let accounts = services.accounts();
    Ok(wire::SignInOptions {
        wants_set_up: accounts.wants_set_up().await.map_err(fail)?,
        registration: accounts.registration().as_str().to_owned(),
        mail: services.sends_mail(),
        passkeys: services.passkeys().are_possible(),
    })
}

/// Signs in and goes to `next`, a page of this vault; by way of the second factor, if there is one.
#[server(prefix = "/_fn", endpoint = "accounts/log_in")]
pub(crate) async fn log_in(
    login: String,
    password: String,
    next: Option<String>,
) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, go_to, keep, keep_typed, sign_in_browser},
        session_cookies::Kept,
        sign_in::{SECOND_FACTOR, after_sign_in, leading_on},
    };
    use services::LoginStep;
    let (services, caller) = context()?;
    let given = wire::LogIn { login, password };
    let step = services
        .sign_ins()
        .log_in(&caller, &given)
        .await
        .inspect_err(|_| keep_typed(&given.login, ""))
        .map_err(fail)?;
    match step {
        LoginStep::SignedIn(signed_in) => {
            sign_in_browser(&signed_in)?;
            go_to(&after_sign_in(next.as_deref()));
        }
        LoginStep::SecondFactor(wanted) => {
            keep(Kept::PendingSignIn, wanted.token.expose());
            go_to(&leading_on(SECOND_FACTOR, next.as_deref()));
        }
    }
    Ok(())
}

/// Makes an account and signs in.
#[server(prefix = "/_fn", endpoint = "accounts/register")]
pub(crate) async fn register(
    handle: String,
    email: String,
    password: String,
    invitation: Option<String>,
) -> Result<(), AppError> {
    use crate::server_context::{context, enter, fail, go_to, keep_typed};
    let (services, caller) = context()?;
    let account = wire::NewAccount {
        handle,
        email,
        password,
    };
    let given = wire::Register {
        invitation,
        account,
    };
    services
        .accounts()
        .register(&caller, &given)
        .await
        .inspect_err(|_| keep_typed(&given.account.handle, &given.account.email))
        .map_err(fail)?;
    go_to(enter(&services, &caller, given.account).await);
    Ok(())
}

/// Makes the vault's first account and signs in.
#[server(prefix = "/_fn", endpoint = "accounts/set_up")]
pub(crate) async fn set_up(
    token: String,
    handle: String,
    email: String,
    password: String,
) -> Result<(), AppError> {
    use crate::server_context::{context, enter, fail, go_to, keep_typed};
    let (services, caller) = context()?;
    let account = wire::NewAccount {
        handle,
        email,
        password,
    };
    let given = wire::SetUp { token, account };
    services
        .accounts()
        .set_up(&caller, &given)
        .await
        .inspect_err(|_| keep_typed(&given.account.handle, &given.account.email))
        .map_err(fail)?;
    go_to(enter(&services, &caller, given.account).await);
    Ok(())
}

/// Ends this session.
#[server(prefix = "/_fn", endpoint = "accounts/log_out")]
pub(crate) async fn log_out() -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to, sign_out_browser};
    let (services, caller) = context()?;
    // First: this browser is signed out even if the session can't be ended now.
    sign_out_browser()?;
    services.sign_ins().log_out(&caller).await.map_err(fail)?;
    go_to("/login");
    Ok(())
}

/// Ends every session, this one too.
#[server(prefix = "/_fn", endpoint = "accounts/log_out_everywhere")]
pub(crate) async fn log_out_everywhere() -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to, sign_out_browser};
    let (services, caller) = context()?;
    services
        .sign_ins()
        .log_out_everywhere(&caller)
        .await
        .map_err(fail)?;
    sign_out_browser()?;
    go_to("/login");
    Ok(())
}

/// One's own account.
#[server(prefix = "/_fn", endpoint = "accounts/me")]
pub(crate) async fn get_account() -> Result<Account, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services
        .accounts()
        .me(&caller)
        .await
        .map(Into::into)
        .map_err(fail)
}

/// Changes one's own password; every other session ends.
#[server(prefix = "/_fn", endpoint = "accounts/change_password")]
pub(crate) async fn change_password(
    current_password: String,
    new_password: String,
) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let given = wire::ChangePassword {
        current_password,
        new_password,
    };
    services
        .accounts()
        .change_password(&caller, &given)
        .await
        .map_err(fail)?;
    go_to("/account?done=password");
    Ok(())
}

/// Deletes one's own account with everything in it.
#[server(prefix = "/_fn", endpoint = "accounts/delete")]
pub(crate) async fn delete_account(password: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to, sign_out_browser};
    let (services, caller) = context()?;
    services
        .accounts()
        .delete(&caller, &wire::DeleteAccount { password })
        .await
        .map_err(fail)?;
    sign_out_browser()?;
    go_to("/login");
    Ok(())
}

/// Where one is signed in.
#[server(prefix = "/_fn", endpoint = "accounts/sessions")]
pub(crate) async fn list_sessions() -> Result<SessionList, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let (sessions, current) = services.sign_ins().sessions(&caller).await.map_err(fail)?;
    Ok(SessionList {
        sessions: sessions
            .into_iter()
            .map(|session| wire::Session::new(session, current))
            .collect(),
    })
}

/// Ends one of one's own sessions.
#[server(prefix = "/_fn", endpoint = "accounts/revoke_session")]
pub(crate) async fn revoke_session(id: Uuid) -> Result<(), AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services
        .sign_ins()
        .revoke(&caller, id.into())
        .await
        .map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use server_fn::{ServerFn, codec::Encoding};
    use std::marker::PhantomData;

    #[test]
    fn passwords_travel_in_bodies_only() {
        fn method<F, I, O>(_: PhantomData<F>) -> http::Method
        where
            F: ServerFn<Protocol = server_fn::Http<I, O>>,
            I: Encoding,
        {
            I::METHOD
        }
        for method in [
            method(PhantomData::<LogIn>),
            method(PhantomData::<Register>),
            method(PhantomData::<SetUp>),
            method(PhantomData::<ChangePassword>),
            method(PhantomData::<DeleteAccount>),
        ] {
            assert_eq!(method, http::Method::POST);
        }
    }
}
