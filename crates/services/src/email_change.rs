//! Another address for one's account. It counts once the link that was sent there is opened.
//!
//! Whether somebody else has the address can't be told from the answer: only the mail says it.

use crate::{
    Accounts, Services,
    accounts::{link_no_longer_works, take},
    fault, limits,
    notices::Notice,
};
use auth::{OpaqueToken, TokenKind};
use database::{OneTime, Purpose};
use domain::{
    AuditEvent, Caller, EmailAddress, Error, Kind, User,
    policy::{Action, authorise_owner},
};
use mail::Mail;
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

/// How long the link works.
const LIFETIME: Duration = Duration::hours(24);

/// What follows where no mail can be sent.
const NO_MAIL: &str = "Without it an address can't be confirmed, so yours stays as it is.";

impl Accounts<'_> {
    /// The caller's address, and the one that waits to be confirmed.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn email(&self, caller: &Caller) -> Result<wire::Email, Error> {
        let user = authorise_owner(caller, Action::ReadAccount)?;
        let account = self.me(caller).await?;
        let pending = self
            .services
            .parts
            .database
            .pending_email(user, self.services.now())
            .await
            .map_err(fault::of_database)?;
        Ok(wire::Email {
            email: account.email.to_string(),
            pending: pending.map(|address| address.to_string()),
            changeable: self.services.sends_mail(),
        })
    }

    /// Sends a link to the address that the caller's account shall have.
    ///
    /// # Errors
    /// `Conflict` when the vault sends no mail; `Invalid` for what is no address, or a wrong password;
    /// `RateLimited`. A taken address is not refused.
    pub async fn request_email_change(
        &self,
        caller: &Caller,
        given: &wire::ChangeEmail,
    ) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        self.services.need_mail(NO_MAIL)?;
        let email = EmailAddress::parse(&given.email)?;
        self.confirm(user, "password", &given.password).await?;
        let account = self.me(caller).await?;
        if email == account.email {
            return Err(Error::invalid("email", "This is your address already."));
        }
        self.services
            .limit(&[(limits::EMAIL_ACCOUNT, &user.to_string())])
            .await?;
        let token = OpaqueToken::generate(TokenKind::EmailChange);
        let leads_to = OneTime {
            user: Some(user),
            email: Some(email.clone()),
            ..OneTime::default()
        };
        let mut work = self.services.begin().await?;
        work.insert_one_time_token(
            Purpose::EmailChange,
            token.hash().as_bytes(),
            &leads_to,
            self.services.now() + LIFETIME,
        )
        .await
        .map_err(fault::of_database)?;
        let entry = caller
            .did(AuditEvent::AccountChanged, user.0)
            .noting("another address asked for");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        let link = self.services.link("confirm-email", &token);
        self.services
            .post_email_change(account.clone(), email, link);
        self.services
            .notify_at(caller, &account, &account.email, Notice::AddressRequested);
        Ok(())
    }

    /// Withdraws the change that waits to be confirmed.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn withdraw_email_change(&self, caller: &Caller) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let mut work = self.services.begin().await?;
        let withdrawn = work
            .delete_pending_email(user)
            .await
            .map_err(fault::of_database)?;
        if !withdrawn {
            return Err(Error::not_found(
                "no_pending_email",
                "No other address waits to be confirmed.",
            ));
        }
        let entry = caller
            .did(AuditEvent::AccountChanged, user.0)
            .noting("another address withdrawn");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }

    /// Gives an account its new address by the link that was sent there. Whoever opens it need not be
    /// signed in: it may be another browser.
    ///
    /// # Errors
    /// `Forbidden` when the link does not work (any more); `Conflict` when somebody else has the address
    /// by now, which does not use the link up; `RateLimited`.
    pub async fn confirm_email_change(
        &self,
        caller: &Caller,
        given: &wire::ConfirmEmail,
    ) -> Result<(), Error> {
        self.services
            .limit(&[(limits::LINK_ADDRESS, &limits::address(caller))])
            .await?;
        let token = OpaqueToken::parse(TokenKind::EmailChange, given.token.trim())
            .ok_or_else(link_no_longer_works)?;
        let before = self
            .services
            .account_behind(Purpose::EmailChange, &token)
            .await?;
        let mut work = self.services.begin().await?;
        let leads_to = take(&mut work, self.services, Purpose::EmailChange, &token).await?;
        let email = leads_to.email.ok_or_else(link_no_longer_works)?;
        work.set_email(before.id, &email)
            .await
            .map_err(of_email_write)?;
        // Links to the old address no longer let anybody in.
        work.delete_links_of(before.id)
            .await
            .map_err(fault::of_database)?;
        let entry = caller
            .did_to(before.id, AuditEvent::AccountChanged)
            .noting("address");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.services
            .notify_at(caller, &before, &before.email, Notice::AddressChanged);
        Ok(())
    }
}

fn of_email_write(error: database::Error) -> Error {
    match &error {
        database::Error::Conflict(name) if name == "users_email_key" => Error::new(
            Kind::Conflict,
            "email_not_available",
            "This address can't be your account's any more. Choose another on the page Account.",
        ),
        _ => fault::of_database(error),
    }
}

impl Services {
    /// Beside the request, which is over before it is known whether somebody has the address.
    fn post_email_change(&self, account: User, email: EmailAddress, link: SecretString) {
        let services = self.clone();
        self.tasks.spawn(async move {
            match services.parts.database.has_email(&email).await {
                Ok(false) => services.post(account.id, confirmation(&account, &email, &link)),
                Ok(true) => {
                    let vault = &services.parts.accounts.public_url;
                    services.post(account.id, already_known(&email, vault));
                }
                Err(error) => {
                    let id = account.id;
                    tracing::warn!(%error, account = %id, "the new address of account {id} could not be written to");
                }
            }
        });
    }
}

fn confirmation(account: &User, email: &EmailAddress, link: &SecretString) -> Mail {
    let text = format!(
        "The account {} shall have this address from now on.\n\n\
         To confirm it, open this link within a day:\n\n{}\n\n\
         It works once. If you know nothing of this, do nothing.\n",
        account.handle.as_str(),
        link.expose_secret(),
    );
    Mail {
        to: email.to_string(),
        subject: "Confirm your address".to_owned(),
        text,
    }
}

/// Somebody has the address. They learn of it, and whoever asked does not.
fn already_known(email: &EmailAddress, vault: &str) -> Mail {
    let text = format!(
        "Somebody wanted this address for an account of the vault {vault}\n\n\
         There is an account with it already, so nothing was changed. If you forgot its password, ask for \
         another on the page to sign in on.\n\n\
         If you know nothing of this, do nothing.\n"
    );
    Mail {
        to: email.to_string(),
        subject: "You have an account already".to_owned(),
        text,
    }
}
