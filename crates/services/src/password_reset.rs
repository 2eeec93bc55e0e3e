//! A password that was forgotten: a link by which its owner chooses another. It goes out by mail, or an
//! admin passes it on.
//!
//! Whether an account exists can't be told from the answer or from the time it takes: what depends on it
//! is done beside the request.

use crate::{
    Accounts, Services,
    accounts::{link_no_longer_works, take},
    fault, limits,
    notices::Notice,
};
use auth::{OpaqueToken, TokenKind};
use database::{OneTime, Purpose, UnitOfWork};
use domain::{AuditEvent, Caller, EmailAddress, Error, Handle, User, UserId};
use mail::Mail;
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

/// How long the link in a mail works.
const LIFETIME: Duration = Duration::minutes(30);

/// What to do where no mail can be sent.
const ASK_THE_ADMIN: &str = "Ask its admin for a link to choose a new password.";

impl Accounts<'_> {
    /// Sends a link to choose a new password to the account of that name, if there is one.
    ///
    /// # Errors
    /// `Conflict` when the vault sends no mail, `Invalid` without a name, `RateLimited`, `Unavailable`:
    /// none depends on whether there is such an account.
    pub async fn request_password_reset(
        &self,
        caller: &Caller,
        given: &wire::RequestPasswordReset,
    ) -> Result<(), Error> {
        self.services.need_mail(ASK_THE_ADMIN)?;
        let name = limits::name(&given.login);
        if name.is_empty() {
            return Err(Error::invalid(
                "login",
                "Type your handle or e-mail address.",
            ));
        }
        self.services
            .limit(&[
                (limits::RESET_ADDRESS, &limits::address(caller)),
                (limits::RESET_ACCOUNT, &name),
            ])
            .await?;
        let (services, caller) = (self.services.clone(), caller.clone());
        self.services.tasks.spawn(async move {
            if let Err(error) = services.mail_password_reset(&caller, &name).await {
                tracing::warn!(%error, "a link to choose a new password could not be made");
            }
        });
        Ok(())
    }

    /// Sets a new password by such a link. Every session ends; nobody is signed in.
    ///
    /// # Errors
    /// `Forbidden` when the link does not work (any more); `Invalid` for a weak password, which does not
    /// use it up; `RateLimited`.
    pub async fn reset_password(
        &self,
        caller: &Caller,
        given: &wire::ResetPassword,
    ) -> Result<(), Error> {
        self.services
            .limit(&[(limits::LINK_ADDRESS, &limits::address(caller))])
            .await?;
        let token = OpaqueToken::parse(TokenKind::PasswordReset, given.token.trim())
            .ok_or_else(link_no_longer_works)?;
        let account = self
            .services
            .account_behind(Purpose::PasswordReset, &token)
            .await?;
        let hash = self
            .services
            .hash_new_password(
                "new_password",
                &given.new_password,
                &account.handle,
                &account.email,
            )
            .await?;
        let mut work = self.services.begin().await?;
        take(&mut work, self.services, Purpose::PasswordReset, &token).await?;
        work.set_password(account.id, &hash)
            .await
            .map_err(fault::of_database)?;
        work.revoke_sessions(account.id, None, self.services.now())
            .await
            .map_err(fault::of_database)?;
        work.delete_links_of(account.id)
            .await
            .map_err(fault::of_database)?;
        // Who needs a link may have lost the account to somebody who made some.
        work.delete_api_tokens(account.id)
            .await
            .map_err(fault::of_database)?;
        let entry = caller
            .did_to(account.id, AuditEvent::PasswordChanged)
            .noting("by reset link");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.services
            .notify(caller, account.id, Notice::PasswordReset);
        Ok(())
    }
}

impl Services {
    /// The link with which that account's owner chooses a new password. Works once, for that long, and
    /// while the admin who made it for them is one; an earlier one no longer works.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn password_reset_link(
        &self,
        work: &mut UnitOfWork,
        user: UserId,
        lifetime: Duration,
        made_by: Option<UserId>,
    ) -> Result<SecretString, Error> {
        let token = OpaqueToken::generate(TokenKind::PasswordReset);
        let leads_to = OneTime {
            user: Some(user),
            made_by,
            ..OneTime::default()
        };
        work.insert_one_time_token(
            Purpose::PasswordReset,
            token.hash().as_bytes(),
            &leads_to,
            self.now() + lifetime,
        )
        .await
        .map_err(fault::of_database)?;
        Ok(self.link("reset-password", &token))
    }

    /// The account that a link concerns, if both are still good. It is not used up.
    ///
    /// # Errors
    /// `Forbidden` when it does not work (any more).
    pub(crate) async fn account_behind(
        &self,
        purpose: Purpose,
        token: &OpaqueToken,
    ) -> Result<User, Error> {
        let database = &self.parts.database;
        let leads_to = database
            .one_time_token(purpose, token.hash().as_bytes(), self.now())
            .await
            .map_err(fault::of_database)?;
        let user = leads_to
            .and_then(|found| found.user)
            .ok_or_else(link_no_longer_works)?;
        let account = database.user(user).await.map_err(fault::of_database)?;
        account
            .filter(|account| account.is_active)
            .ok_or_else(link_no_longer_works)
    }

    async fn mail_password_reset(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        let Some(account) = self.account_named(name).await? else {
            return Ok(());
        };
        let mut work = self.begin().await?;
        let link = self
            .password_reset_link(&mut work, account.id, LIFETIME, None)
            .await?;
        let entry = caller.did_to(account.id, AuditEvent::PasswordResetRequested);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.post(account.id, letter(caller, &account, &link));
        Ok(())
    }

    /// The account of that handle or address, unless it may not sign in.
    async fn account_named(&self, name: &str) -> Result<Option<User>, Error> {
        // What is neither is nobody's, and need not be looked for.
        if Handle::parse(name).is_err() && EmailAddress::parse(name).is_err() {
            return Ok(None);
        }
        let database = &self.parts.database;
        let found = database
            .credentials(name)
            .await
            .map_err(fault::of_database)?;
        let Some(found) = found.filter(|found| found.is_active) else {
            return Ok(None);
        };
        database.user(found.user).await.map_err(fault::of_database)
    }
}

fn letter(caller: &Caller, account: &User, link: &SecretString) -> Mail {
    let from = caller
        .address
        .map(|address| format!(", from {address}"))
        .unwrap_or_default();
    let text = format!(
        "A new password was asked for, for the account {}{from}.\n\n\
         To choose one, open this link within 30 minutes:\n\n{}\n\n\
         It works once. If you asked several times, only the newest link works.\n\n\
         If it was not you, do nothing: the password stays as it is.\n",
        account.handle.as_str(),
        link.expose_secret(),
    );
    Mail {
        to: account.email.to_string(),
        subject: "Choose a new password".to_owned(),
        text,
    }
}
