//! Accounts: the vault's first, new ones, one's own.

use crate::{Services, fault, invitations, limits, notices::Notice, sign_in, users};
use auth::{OpaqueToken, PasswordError, TokenKind, Verified};
use database::{NewUser, OneTime, Purpose, UnitOfWork};
use domain::{
    AuditEvent, Caller, EmailAddress, Error, Handle, Kind, Registration, Role, User, UserId,
    policy::{Action, authorise, authorise_owner},
};
use secrecy::SecretString;
use time::Duration;
use uuid::Uuid;

/// How long the link to the vault's first account works. Every start of a server prints another.
const SET_UP_LIFETIME: Duration = Duration::hours(24);

/// The use cases of accounts.
pub struct Accounts<'a> {
    pub(crate) services: &'a Services,
}

pub(crate) fn link_no_longer_works() -> Error {
    Error::new(
        Kind::Forbidden,
        "link_no_longer_works",
        "This link no longer works: it was used, it is too old, or it is not complete. Ask for another.",
    )
}

/// What a refused write means to somebody who makes an account.
pub(crate) fn of_account_write(error: database::Error) -> Error {
    let taken = |field: &'static str, code: &'static str, sentence: &str| Error {
        kind: Kind::Conflict,
        code,
        ..Error::invalid(field, sentence)
    };
    match &error {
        database::Error::Conflict(name) if name == "users_handle_key" => taken(
            "handle",
            "handle_taken",
            "Somebody has this handle already. Choose another.",
        ),
        database::Error::Conflict(name) if name == "users_email_key" => taken(
            "email",
            "email_taken",
            "There is an account with this address already. Sign in instead.",
        ),
        _ => fault::of_database(error),
    }
}

impl Accounts<'_> {
    /// The link that makes the vault's first account, or `None` when it has accounts. For whoever runs
    /// the vault: printed by the server at its start, and by `server setup-link`.
    ///
    /// # Errors
    /// `Forbidden` for everybody but the vault itself.
    pub async fn set_up_link(&self, caller: &Caller) -> Result<Option<SecretString>, Error> {
        authorise(caller, Action::WorkJobs)?;
        let database = &self.services.parts.database;
        if database.has_accounts().await.map_err(fault::of_database)? {
            return Ok(None);
        }
        let token = OpaqueToken::generate(TokenKind::Setup);
        let mut work = self.services.begin().await?;
        work.insert_one_time_token(
            Purpose::SetUp,
            token.hash().as_bytes(),
            &OneTime::default(),
            self.services.now() + SET_UP_LIFETIME,
        )
        .await
        .map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(Some(self.services.link("setup", &token)))
    }

    /// Whether the vault waits for its first account.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn wants_set_up(&self) -> Result<bool, Error> {
        let database = &self.services.parts.database;
        let any = database.has_accounts().await.map_err(fault::of_database)?;
        Ok(!any)
    }

    /// Who may make an account.
    pub fn registration(&self) -> Registration {
        self.services.parts.accounts.registration
    }

    /// Makes the vault's first account, an admin's, with the link that was printed.
    ///
    /// # Errors
    /// `Forbidden` when the link does not work, `Invalid` for a value that is not acceptable.
    pub async fn set_up(&self, caller: &Caller, given: &wire::SetUp) -> Result<UserId, Error> {
        let address = limits::address(caller);
        self.services
            .limit(&[(limits::REGISTER_ADDRESS, &address)])
            .await?;
        let token = OpaqueToken::parse(TokenKind::Setup, given.token.trim())
            .ok_or_else(link_no_longer_works)?;
        self.look_for(Purpose::SetUp, &token).await?;
        let account = &given.account;
        let new = self.new_user(account, Role::Admin).await?;
        let mut work = self.services.begin().await?;
        if work.lock_set_up().await.map_err(fault::of_database)? {
            return Err(link_no_longer_works());
        }
        take(&mut work, self.services, Purpose::SetUp, &token).await?;
        let claimed = work
            .claim_waiting_account(&new)
            .await
            .map_err(of_account_write)?;
        let user = match claimed {
            Some(user) => user,
            None => {
                work.insert_user(&new).await.map_err(of_account_write)?;
                new.id
            }
        };
        work.delete_one_time_tokens(Purpose::SetUp)
            .await
            .map_err(fault::of_database)?;
        self.created(work, caller, user, "by the set-up link")
            .await?;
        Ok(user)
    }

    /// Makes an account, if the vault lets people do that, or with an invitation.
    ///
    /// # Errors
    /// `Forbidden` when the vault takes nobody in or the invitation does not work; `Invalid`; `Conflict`
    /// for a handle or address that is taken; `RateLimited`.
    pub async fn register(&self, caller: &Caller, given: &wire::Register) -> Result<UserId, Error> {
        let address = limits::address(caller);
        self.services
            .limit(&[(limits::REGISTER_ADDRESS, &address)])
            .await?;
        let invitation = given
            .invitation
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let invitation = match invitation {
            Some(text) => {
                Some(OpaqueToken::parse(TokenKind::Invite, text).ok_or_else(link_no_longer_works)?)
            }
            None => None,
        };
        match (self.registration(), &invitation) {
            (Registration::Open, _) | (Registration::Invite, Some(_)) => {}
            (Registration::Invite, None) => {
                return Err(Error::forbidden(
                    "This vault takes in whoever was invited. Ask its admin for an invitation.",
                ));
            }
            (Registration::Closed, _) => {
                return Err(Error::forbidden(
                    "This vault takes in nobody at the moment.",
                ));
            }
        }
        if self.wants_set_up().await? {
            return Err(Error::forbidden(
                "The vault's first account is made with the link that its server printed when it started.",
            ));
        }
        if let Some(token) = &invitation {
            self.look_for(Purpose::Invite, token).await?;
        }
        let mut new = self.new_user(&given.account, Role::User).await?;
        let mut work = self.services.begin().await?;
        if let Some(token) = &invitation {
            let leads_to = take(&mut work, self.services, Purpose::Invite, token).await?;
            invitations::holds_for(leads_to.email.as_ref(), &new.email)?;
            new.role = leads_to.role.unwrap_or_default();
        }
        work.insert_user(&new).await.map_err(of_account_write)?;
        let how = if invitation.is_some() {
            "by invitation"
        } else {
            "registered"
        };
        self.created(work, caller, new.id, how).await?;
        Ok(new.id)
    }

    /// Refuses a link that surely does not work before any work is done for it.
    async fn look_for(&self, purpose: Purpose, token: &OpaqueToken) -> Result<(), Error> {
        let database = &self.services.parts.database;
        database
            .one_time_token(purpose, token.hash().as_bytes(), self.services.now())
            .await
            .map_err(fault::of_database)?
            .map(drop)
            .ok_or_else(link_no_longer_works)
    }

    async fn created(
        &self,
        mut work: UnitOfWork,
        caller: &Caller,
        user: UserId,
        how: &str,
    ) -> Result<(), Error> {
        let entry = caller.did_to(user, AuditEvent::AccountCreated).noting(how);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }

    async fn new_user(&self, given: &wire::NewAccount, role: Role) -> Result<NewUser, Error> {
        let handle = Handle::parse(&given.handle)?;
        let email = EmailAddress::parse(&given.email)?;
        let password_hash = self
            .services
            .hash_new_password("password", &given.password, &handle, &email)
            .await?;
        Ok(NewUser {
            id: UserId(Uuid::now_v7()),
            password_hash: Some(password_hash),
            handle,
            email,
            role,
            limit_bytes: self.services.parts.accounts.default_quota_bytes,
        })
    }

    /// The caller's own account.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn me(&self, caller: &Caller) -> Result<User, Error> {
        let user = authorise_owner(caller, Action::ReadAccount)?;
        self.services
            .parts
            .database
            .user(user)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(Error::unauthenticated)
    }

    /// Changes the caller's password. Every other session ends.
    ///
    /// # Errors
    /// `Invalid` when the current password is wrong or the new one is weak; `RateLimited`.
    pub async fn change_password(
        &self,
        caller: &Caller,
        given: &wire::ChangePassword,
    ) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let account = self.me(caller).await?;
        self.confirm(user, "current_password", &given.current_password)
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
        work.set_password(user, &hash)
            .await
            .map_err(fault::of_database)?;
        work.revoke_sessions(user, sign_in::current(caller), self.services.now())
            .await
            .map_err(fault::of_database)?;
        // Whoever knew the old one may have asked for another address.
        work.delete_links_of(user)
            .await
            .map_err(fault::of_database)?;
        let entry = caller.did(AuditEvent::PasswordChanged, user.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.services.notify(caller, user, Notice::PasswordChanged);
        Ok(())
    }

    /// Deletes the caller's account with everything in it, bytes too.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong, `Conflict` for the vault's only admin.
    pub async fn delete(&self, caller: &Caller, given: &wire::DeleteAccount) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        self.confirm(user, "password", &given.password).await?;
        let mut work = self.services.begin().await?;
        let admins = work.lock_admins().await.map_err(fault::of_database)?;
        if users::is_last(&admins, user) {
            return Err(users::last_admin());
        }
        work.delete_user(user).await.map_err(fault::of_database)?;
        let entry = caller.did_to(user, AuditEvent::AccountDeleted);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }

    /// Makes sure that it is really the account's owner who sits there.
    pub(crate) async fn confirm(
        &self,
        user: UserId,
        field: &'static str,
        password: &str,
    ) -> Result<(), Error> {
        let subject = user.to_string();
        self.services
            .limit(&[(limits::PASSWORD_ACCOUNT, &subject)])
            .await?;
        let found = self
            .services
            .parts
            .database
            .credentials_of(user)
            .await
            .map_err(fault::of_database)?;
        let hash = found.and_then(|found| found.password_hash);
        match self.services.verify_password(password, hash).await? {
            Verified::Wrong => Err(Error::invalid(field, "That is not your password.")),
            Verified::Right | Verified::RightButOutdated => {
                self.services
                    .forgive(limits::PASSWORD_ACCOUNT, &subject)
                    .await;
                Ok(())
            }
        }
    }
}

pub(crate) async fn take(
    work: &mut UnitOfWork,
    services: &Services,
    purpose: Purpose,
    token: &OpaqueToken,
) -> Result<OneTime, Error> {
    work.take_one_time_token(purpose, token.hash().as_bytes(), services.now())
        .await
        .map_err(fault::of_database)?
        .ok_or_else(link_no_longer_works)
}

impl Services {
    /// A link that works once. Requests are logged without their query, so the token reaches no log.
    pub(crate) fn link(&self, page: &str, token: &OpaqueToken) -> SecretString {
        let base = self.parts.accounts.public_url.trim_end_matches('/');
        format!("{base}/{page}?token={}", token.expose()).into()
    }

    /// Hashes a password that somebody chose, if it is hard to guess.
    pub(crate) async fn hash_new_password(
        &self,
        field: &'static str,
        password: &str,
        handle: &Handle,
        email: &EmailAddress,
    ) -> Result<String, Error> {
        let personal = vec![handle.as_str().to_owned(), email.as_str().to_owned()];
        self.parts
            .accounts
            .passwords
            .hash_new(password.into(), personal)
            .await
            .map_err(|error| match error {
                PasswordError::Weak(weak) => Error::invalid(field, weak.message()),
                error => broken(&error),
            })
    }

    /// Hashes a password anew that was right.
    pub(crate) async fn hash_password(&self, password: &str) -> Result<String, Error> {
        let passwords = &self.parts.accounts.passwords;
        passwords
            .hash(password.into())
            .await
            .map_err(|error| broken(&error))
    }

    pub(crate) async fn verify_password(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<Verified, Error> {
        let passwords = &self.parts.accounts.passwords;
        passwords
            .verify(password.into(), hash)
            .await
            .map_err(|error| broken(&error))
    }
}

fn broken(error: &PasswordError) -> Error {
    tracing::error!(%error, "a password could not be hashed or checked");
    Error::internal()
}
