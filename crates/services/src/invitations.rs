//! Inviting people who have no account yet.

use crate::{Accounts, Services, accounts::of_account_write, fault};
use auth::{OpaqueToken, TokenKind};
use database::{OneTime, Purpose};
use domain::{
    AuditEvent, Caller, EmailAddress, Error, Role, UserId,
    policy::{Action, authorise_owner},
};
use mail::Mail;
use secrecy::{ExposeSecret, SecretString};
use time::Duration;
use url::form_urlencoded;

/// How long an invitation works.
const LIFETIME: Duration = Duration::days(7);

/// An invitation that was made.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The link with which the invited person makes their account.
    pub link: SecretString,
    /// Whether it goes out by mail.
    pub mailed: bool,
}

impl Accounts<'_> {
    /// Invites somebody: the link with which they make their account. One that names an address can be
    /// used with that address alone, and is sent there if the vault sends mail.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `Invalid`; `Conflict` for an address that has an account.
    pub async fn invite(
        &self,
        caller: &Caller,
        request: &wire::NewInvitation,
    ) -> Result<Invited, Error> {
        let admin = authorise_owner(caller, Action::ManageUsers)?;
        let role = Role::parse(&request.role)
            .ok_or_else(|| Error::invalid("role", "A role is `user` or `admin`."))?;
        let email = self.address_to_invite(request.email.as_deref()).await?;
        let token = OpaqueToken::generate(TokenKind::Invite);
        let leads_to = OneTime {
            role: Some(role),
            email: email.clone(),
            made_by: Some(admin),
            ..OneTime::default()
        };
        let (mut work, _) = self.services.users().begin(caller).await?;
        work.insert_one_time_token(
            Purpose::Invite,
            token.hash().as_bytes(),
            &leads_to,
            self.services.now() + LIFETIME,
        )
        .await
        .map_err(fault::of_database)?;
        let entry = caller
            .did(AuditEvent::InvitationCreated, None)
            .noting(role.as_str());
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        let link = self.services.link("register", &token);
        Ok(match email {
            None => Invited {
                link,
                mailed: false,
            },
            Some(email) => self.services.invite_by_mail(admin, &email, &link),
        })
    }

    /// Where an invitation goes, unless somebody has that address.
    async fn address_to_invite(&self, typed: Option<&str>) -> Result<Option<EmailAddress>, Error> {
        let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
        let Some(email) = typed.map(EmailAddress::parse).transpose()? else {
            return Ok(None);
        };
        let database = &self.services.parts.database;
        if database
            .has_email(&email)
            .await
            .map_err(fault::of_database)?
        {
            let taken = database::Error::Conflict("users_email_key".to_owned());
            return Err(of_account_write(taken));
        }
        Ok(Some(email))
    }
}

/// Whether an account may be made with that address by an invitation to this one.
pub(crate) fn holds_for(invited: Option<&EmailAddress>, given: &EmailAddress) -> Result<(), Error> {
    if invited.is_none_or(|invited| invited == given) {
        return Ok(());
    }
    Err(Error::invalid(
        "email",
        "This invitation is for another address. Use the one that it was sent to.",
    ))
}

impl Services {
    /// The link for that address, sent there if that can be.
    fn invite_by_mail(&self, admin: UserId, email: &EmailAddress, link: &SecretString) -> Invited {
        let address: String = form_urlencoded::byte_serialize(email.as_str().as_bytes()).collect();
        // The page fills it in.
        let link: SecretString = format!("{}&email={address}", link.expose_secret()).into();
        let mailed = self.sends_mail();
        if mailed {
            self.post(admin, letter(email, &link, &self.parts.accounts.public_url));
        }
        Invited { link, mailed }
    }
}

fn letter(email: &EmailAddress, link: &SecretString, vault: &str) -> Mail {
    let text = format!(
        "You are invited to keep your documents in the vault {vault}\n\n\
         To make your account, open this link within seven days:\n\n{}\n\n\
         It works once, and with this address alone. If you know nothing of this, do nothing.\n",
        link.expose_secret(),
    );
    Mail {
        to: email.to_string(),
        subject: "An invitation to a vault".to_owned(),
        text,
    }
}
