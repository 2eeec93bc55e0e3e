//! One's own passkeys: adding, naming and removing them. Signing in with one is in [`sign_in`].
//!
//! Making a passkey takes two steps, as signing in does: the server asks (which is kept for minutes and
//! taken once), the browser's authenticator answers.

mod sign_in;

use crate::{Services, fault, notices::Notice, second_factor};
use auth::{NewKey, PasskeyError, Question, RecoveryCode};
use database::UnitOfWork;
use domain::{
    AuditEvent, Caller, Error, Kind, Passkey, PasskeyId, UserId,
    policy::{Action, authorise_owner},
};
use serde_json::Value;
use time::Duration;
use uuid::Uuid;

/// How long an authenticator may take to answer.
const LIFETIME: Duration = Duration::minutes(5);

/// How many passkeys an account may have.
const MOST: usize = 20;

const MAX_NAME_CHARS: usize = 80;

/// The use cases of passkeys.
pub struct Passkeys<'a> {
    pub(crate) services: &'a Services,
}

fn too_many() -> Error {
    Error::new(
        Kind::Conflict,
        "too_many_passkeys",
        "You have 20 passkeys, the most there may be. Remove one that is not used any more.",
    )
}

fn not_found() -> Error {
    Error::not_found(
        "passkey_not_found",
        "There is no such passkey. It may have been removed already.",
    )
}

impl Passkeys<'_> {
    /// Whether the vault has passkeys: browsers know them only where they trust its address.
    pub fn are_possible(&self) -> bool {
        self.services.parts.accounts.passkeys.is_some()
    }

    /// The caller's passkeys, the oldest first.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn list(&self, caller: &Caller) -> Result<wire::PasskeyList, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let database = &self.services.parts.database;
        let passkeys = database.passkeys(user).await.map_err(fault::of_database)?;
        Ok(wire::PasskeyList {
            passkeys: passkeys.into_iter().map(Into::into).collect(),
            possible: self.are_possible(),
        })
    }

    /// Begins to add a passkey: what the browser has to be asked.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong; `Conflict` when there are too many, or the vault has none;
    /// `RateLimited`.
    pub async fn begin(
        &self,
        caller: &Caller,
        given: &wire::ConfirmPassword,
    ) -> Result<wire::PasskeyCeremony, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let passkeys = self.services.passkey_checks()?;
        let accounts = self.services.accounts();
        accounts.confirm(user, "password", &given.password).await?;
        let account = accounts.me(caller).await?;
        let existing = self.credential_ids(user).await?;
        if existing.len() >= MOST {
            return Err(too_many());
        }
        let question = passkeys
            .ask_for_new(user.0, account.handle.as_str(), existing)
            .map_err(|error| broken(&error))?;
        self.keep(question, Some(user)).await
    }

    /// Adds the passkey that the browser made. With the first second factor of an account its other
    /// sessions end, which were begun without one, and recovery codes are made; they are shown this once.
    ///
    /// # Errors
    /// `Invalid` when it does not answer what was asked; `Conflict` when it is there already, or there
    /// are too many.
    pub async fn create(
        &self,
        caller: &Caller,
        new: wire::NewPasskey,
    ) -> Result<wire::CreatedPasskey, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let passkey = Passkey {
            id: PasskeyId(Uuid::now_v7()),
            name: name(&new.name)?,
            last_used_at: None,
            created_at: self.services.now(),
        };
        let key = self.checked(user, new.ceremony, new.credential).await?;
        let (mut work, factors) = self.locked(user).await?;
        if factors.passkeys >= MOST as i64 {
            return Err(too_many());
        }
        work.insert_passkey(user, &passkey, &key.credential_id, &key.key)
            .await
            .map_err(of_write)?;
        let codes = second_factor::ensure_recovery_codes(&mut work, user, &factors).await?;
        if !factors.any() {
            self.end_others(&mut work, caller, user).await?;
        }
        let entry = caller.did(AuditEvent::PasskeyCreated, passkey.id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        if !codes.is_empty() {
            let entry = caller.did(AuditEvent::RecoveryCodesCreated, user.0);
            work.audit(&entry).await.map_err(fault::of_database)?;
        }
        work.commit().await.map_err(fault::of_database)?;
        self.services.notify(caller, user, Notice::PasskeyCreated);
        Ok(wire::CreatedPasskey {
            passkey: passkey.into(),
            recovery_codes: (!codes.is_empty())
                .then(|| codes.iter().map(RecoveryCode::display).collect()),
        })
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    /// `Invalid`; `NotFound`.
    pub async fn rename(
        &self,
        caller: &Caller,
        id: PasskeyId,
        patch: &wire::PasskeyPatch,
    ) -> Result<Passkey, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let name = name(&patch.name)?;
        let mut work = self.services.begin().await?;
        let passkey = work
            .rename_passkey(user, id, &name)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        let entry = caller.did(AuditEvent::PasskeyChanged, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(passkey)
    }

    /// Removes a passkey. Every other session ends, for one of them may have been begun with it; the
    /// recovery codes go, too, when no second factor is left.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong; `NotFound`; `RateLimited`.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: PasskeyId,
        given: &wire::ConfirmPassword,
    ) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        self.services
            .accounts()
            .confirm(user, "password", &given.password)
            .await?;
        let (mut work, factors) = self.locked(user).await?;
        if !work
            .delete_passkey(user, id)
            .await
            .map_err(fault::of_database)?
        {
            return Err(not_found());
        }
        let last = factors.passkeys == 1 && !factors.has_totp();
        if last {
            work.delete_recovery_codes(user)
                .await
                .map_err(fault::of_database)?;
        }
        self.end_others(&mut work, caller, user).await?;
        let entry = caller.did(AuditEvent::PasskeyDeleted, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        if last {
            let notice = Notice::SecondFactorDisabled;
            self.services.notify(caller, user, notice);
        }
        Ok(())
    }

    /// Keeps what is asked until the answer comes.
    async fn keep(
        &self,
        question: Question,
        user: Option<UserId>,
    ) -> Result<wire::PasskeyCeremony, Error> {
        // Drawn at random: whoever knows the id may answer.
        let ceremony = Uuid::new_v4();
        let expires_at = self.services.now() + LIFETIME;
        let database = &self.services.parts.database;
        database
            .insert_passkey_ceremony(ceremony, user, &question.state, expires_at)
            .await
            .map_err(fault::of_database)?;
        Ok(wire::PasskeyCeremony {
            ceremony,
            options: question.options,
        })
    }

    /// What was asked, once.
    async fn take(&self, ceremony: Uuid, user: Option<UserId>) -> Result<Option<Value>, Error> {
        let database = &self.services.parts.database;
        database
            .take_passkey_ceremony(ceremony, user, self.services.now())
            .await
            .map_err(fault::of_database)
    }

    async fn checked(
        &self,
        user: UserId,
        ceremony: Uuid,
        credential: Value,
    ) -> Result<NewKey, Error> {
        let passkeys = self.services.passkey_checks()?;
        let state = self.take(ceremony, Some(user)).await?.ok_or_else(|| {
            Error::invalid(
                "ceremony",
                "Adding this passkey took too long, or has ended already. Begin again.",
            )
        })?;
        passkeys.check_new(state, credential).map_err(|error| {
            tracing::info!(%error, cause = cause(&error), "a new passkey was refused");
            Error::invalid(
                "credential",
                "The passkey that the browser made does not fit what it was asked for. Begin again.",
            )
        })
    }

    async fn credential_ids(&self, user: UserId) -> Result<Vec<Vec<u8>>, Error> {
        let database = &self.services.parts.database;
        database
            .credential_ids(user)
            .await
            .map_err(fault::of_database)
    }

    async fn locked(&self, user: UserId) -> Result<(UnitOfWork, database::SecondFactors), Error> {
        let mut work = self.services.begin().await?;
        let factors = work
            .lock_second_factors(user)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(Error::unauthenticated)?;
        Ok((work, factors))
    }

    async fn end_others(
        &self,
        work: &mut UnitOfWork,
        caller: &Caller,
        user: UserId,
    ) -> Result<(), Error> {
        work.revoke_sessions(user, crate::sign_in::current(caller), self.services.now())
            .await
            .map_err(fault::of_database)
    }
}

impl Services {
    /// What asks for passkeys and checks them.
    ///
    /// # Errors
    /// `Conflict` in a vault that has none.
    fn passkey_checks(&self) -> Result<&auth::Passkeys, Error> {
        self.parts.accounts.passkeys.as_ref().ok_or_else(|| {
            Error::new(
                Kind::Conflict,
                "no_passkeys",
                "Browsers know no passkeys at this vault's address: it has to begin with https, and a name.",
            )
        })
    }
}

fn name(raw: &str) -> Result<String, Error> {
    let name = raw.trim();
    if name.is_empty()
        || name.chars().count() > MAX_NAME_CHARS
        || name.chars().any(char::is_control)
    {
        return Err(Error::invalid(
            "name",
            "Give the passkey a name of at most 80 characters on one line.",
        ));
    }
    Ok(name.to_owned())
}

fn of_write(error: database::Error) -> Error {
    match error {
        database::Error::Conflict(_) => Error::new(
            Kind::Conflict,
            "passkey_exists",
            "This passkey is there already. Sign in with it, or make another.",
        ),
        error => fault::of_database(error),
    }
}

/// Why, for the log: never what was sent.
fn cause(error: &PasskeyError) -> Option<String> {
    std::error::Error::source(error).map(ToString::to_string)
}

fn broken(error: &PasskeyError) -> Error {
    tracing::error!(%error, cause = cause(error), "a question about passkeys could not be made");
    Error::internal()
}
