//! Signing in with a passkey: in place of name and password, or after them as the second factor.
//!
//! A passkey is checked in the unit of work that begins the session, after the account was locked: its
//! counter is read and written there, so that no answer counts twice. Whatever is wrong, the answer is
//! the same.

use super::{Passkeys, broken, cause};
use crate::{SignedIn, fault, limits};
use auth::{PasskeyError, Presented};
use database::{StoredKey, UnitOfWork};
use domain::{AuditEvent, Caller, Error, Kind, UserId};
use serde_json::Value;

/// What the log says of how somebody signed in.
const HOW: &str = "with a passkey";

fn refused() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "passkey_refused",
        "This passkey was not accepted. It may have been removed, or it took too long. Try again, or sign in another way.",
    )
}

impl Passkeys<'_> {
    /// Begins a sign-in: what the browser has to be asked. With the token of a sign-in that waits for
    /// its second factor the question is about that account's passkeys.
    ///
    /// # Errors
    /// `Unauthenticated` when the token is no longer good; `Conflict` in a vault without passkeys;
    /// `RateLimited`; `Unavailable`, also when the counters of tries can't be reached.
    pub async fn begin_sign_in(
        &self,
        caller: &Caller,
        given: &wire::PasskeySignInRequest,
    ) -> Result<wire::PasskeyCeremony, Error> {
        let passkeys = self.services.passkey_checks()?;
        self.count(caller).await?;
        let (user, allowed) = match &given.second_factor_token {
            None => (None, Vec::new()),
            Some(token) => {
                let sign_ins = self.services.sign_ins();
                let pending = sign_ins.pending_second_factor(caller, token).await?;
                let allowed = self.credential_ids(pending.user).await?;
                // To name none would be to ask for any.
                if allowed.is_empty() {
                    return Err(refused());
                }
                (Some(pending.user), allowed)
            }
        };
        let question = passkeys.ask(&allowed).map_err(|error| broken(&error))?;
        self.keep(question, user).await
    }

    /// Signs in with what the browser answered.
    ///
    /// # Errors
    /// `Unauthenticated` for whatever is wrong with it; as [`Passkeys::begin_sign_in`].
    pub async fn sign_in(
        &self,
        caller: &Caller,
        given: wire::PasskeySignIn,
    ) -> Result<SignedIn, Error> {
        self.services.passkey_checks()?;
        self.count(caller).await?;
        let presented = Presented::parse(given.credential);
        match given.second_factor_token {
            None => {
                let state = self.take(given.ceremony, None).await?;
                let (presented, state) = presented.ok().zip(state).ok_or_else(refused)?;
                self.alone(caller, &presented, state).await
            }
            Some(token) => {
                let sign_ins = self.services.sign_ins();
                let pending = sign_ins.pending_second_factor(caller, &token).await?;
                let state = self.take(given.ceremony, Some(pending.user)).await?;
                let (presented, state) = presented.ok().zip(state).ok_or_else(refused)?;
                let (work, _) = sign_ins.take_second_factor(caller, &pending).await?;
                self.finish(work, caller, pending.user, &presented, state)
                    .await
            }
        }
    }

    /// In place of name and password: the authenticator says whose passkey it is.
    async fn alone(
        &self,
        caller: &Caller,
        presented: &Presented,
        state: Value,
    ) -> Result<SignedIn, Error> {
        let user = UserId(presented.user().ok_or_else(refused)?);
        let mut work = self.services.begin().await?;
        let account = work
            .lock_second_factors(user)
            .await
            .map_err(fault::of_database)?;
        if account.is_none() {
            drop(work);
            return self.of_nobody(caller, user, presented).await;
        }
        self.finish(work, caller, user, presented, state).await
    }

    /// Checks the passkey, and begins the session of its owner, whose account is locked.
    async fn finish(
        &self,
        mut work: UnitOfWork,
        caller: &Caller,
        user: UserId,
        presented: &Presented,
        state: Value,
    ) -> Result<SignedIn, Error> {
        match self.checked_use(&mut work, user, presented, state).await? {
            Ok(used) => {
                work.note_passkey_use(&used, self.services.now())
                    .await
                    .map_err(fault::of_database)?;
                let sign_ins = self.services.sign_ins();
                sign_ins
                    .begin_session_in(work, caller, user, Some(HOW))
                    .await
            }
            Err(note) => {
                drop(work);
                self.refuse(caller, user, note).await
            }
        }
    }

    /// The key as it is from now on; or why not, for the log of the account's owner.
    async fn checked_use(
        &self,
        work: &mut UnitOfWork,
        user: UserId,
        presented: &Presented,
        state: Value,
    ) -> Result<Result<StoredKey, &'static str>, Error> {
        // Who was asked by name may leave the name out of the answer, but not put in another.
        if presented.user().is_some_and(|claimed| claimed != user.0) {
            return Ok(Err(HOW));
        }
        let stored = work
            .stored_key(user, presented.credential_id())
            .await
            .map_err(fault::of_database)?;
        let Some(stored) = stored else {
            return Ok(Err(HOW));
        };
        let passkeys = self.services.passkey_checks()?;
        Ok(match passkeys.check(state, presented, stored.key) {
            Ok(key) => Ok(StoredKey { key, ..stored }),
            Err(PasskeyError::CounterWentBack) => {
                tracing::warn!(passkey = %stored.id, "the counter of a passkey went back: there may be a copy of it");
                Err("with a passkey whose counter went back")
            }
            Err(error) => {
                tracing::info!(%error, cause = cause(&error), "a passkey was refused");
                Err(HOW)
            }
        })
    }

    /// For an account that may not sign in, or that is none: the log is about accounts there are.
    async fn of_nobody(
        &self,
        caller: &Caller,
        user: UserId,
        presented: &Presented,
    ) -> Result<SignedIn, Error> {
        let database = &self.services.parts.database;
        let owner = database
            .passkey_owner(presented.credential_id())
            .await
            .map_err(fault::of_database)?;
        if owner == Some(user) {
            return self.refuse(caller, user, HOW).await;
        }
        Err(refused())
    }

    /// Tells the account's owner, by the log.
    async fn refuse(&self, caller: &Caller, user: UserId, note: &str) -> Result<SignedIn, Error> {
        let entry = caller.did_to(user, AuditEvent::SignInRefused).noting(note);
        let database = &self.services.parts.database;
        database.audit(&entry).await.map_err(fault::of_database)?;
        Err(refused())
    }

    async fn count(&self, caller: &Caller) -> Result<(), Error> {
        let address = limits::address(caller);
        self.services
            .limit(&[(limits::PASSKEY_ADDRESS, &address)])
            .await
    }
}
