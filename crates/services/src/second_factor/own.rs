//! One's own second factor: setting up an authenticator app, switching it off, recovery codes.

use super::{ensure_recovery_codes, new_recovery_codes, shown};
use crate::{Services, fault, limits, notices::Notice, sign_in};
use auth::{
    RecoveryCode, Totp,
    totp::{Qr, qr},
};
use database::{StoredTotp, UnitOfWork};
use domain::{
    AuditEvent, Caller, Error, Kind, UserId,
    policy::{Action, authorise_owner},
};
use secrecy::{ExposeSecret, SecretString};

/// What an app calls the vault.
const ISSUER: &str = "DocuVault";

/// An authenticator app that is being set up.
#[derive(Clone, Debug)]
pub struct TotpBeingSetUp {
    /// For typing into the app, in base 32.
    pub secret: SecretString,
    /// What the QR code says.
    pub uri: SecretString,
    /// The QR code; `None` when it can't be drawn.
    pub qr: Option<Qr>,
}

/// The use cases of one's own second factor.
pub struct SecondFactors<'a> {
    pub(crate) services: &'a Services,
}

fn already_on() -> Error {
    Error::new(
        Kind::Conflict,
        "totp_on",
        "An authenticator app is set up already. Switch it off first to set up another.",
    )
}

fn not_begun() -> Error {
    Error::new(
        Kind::Conflict,
        "totp_not_begun",
        "No authenticator app is being set up. Begin again on the account page.",
    )
}

fn not_on() -> Error {
    Error::new(
        Kind::Conflict,
        "totp_off",
        "There is no authenticator app to switch off.",
    )
}

fn nothing_to_recover() -> Error {
    Error::new(
        Kind::Conflict,
        "no_second_factor",
        "Recovery codes stand in for a second factor, and you have none. Set one up first.",
    )
}

impl SecondFactors<'_> {
    /// What the caller's account asks for besides the password.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn get(&self, caller: &Caller) -> Result<wire::SecondFactor, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let factors = self.factors(user).await?;
        Ok(wire::SecondFactor {
            totp: factors.has_totp(),
            recovery_codes_left: factors.recovery_codes,
            passkeys: factors.passkeys,
        })
    }

    /// Begins to set up an authenticator app: a new secret, whose codes are not asked for yet.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong; `Conflict` when an app is on already; `RateLimited`.
    pub async fn begin_totp(
        &self,
        caller: &Caller,
        given: &wire::ConfirmPassword,
    ) -> Result<TotpBeingSetUp, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        self.confirm(user, given).await?;
        let totp = Totp::generate();
        let sealed = self.services.seal_totp(user, &totp.base32())?;
        let mut work = self.services.begin().await?;
        lock(&mut work, user).await?;
        if !work
            .begin_totp(user, &sealed)
            .await
            .map_err(fault::of_database)?
        {
            return Err(already_on());
        }
        work.commit().await.map_err(fault::of_database)?;
        self.set_up(caller, &totp).await
    }

    /// The same once more, for somebody who has kept the secret: `None` when that is not the one which
    /// is being set up.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn totp_being_set_up(
        &self,
        caller: &Caller,
        kept: Option<&str>,
    ) -> Result<Option<TotpBeingSetUp>, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let factors = self.factors(user).await?;
        let Some(stored) = factors.totp.filter(|stored| !stored.enabled) else {
            return Ok(None);
        };
        let totp = self.services.open_totp(user, &stored)?;
        if kept != Some(totp.base32().expose_secret()) {
            return Ok(None);
        }
        self.set_up(caller, &totp).await.map(Some)
    }

    async fn set_up(&self, caller: &Caller, totp: &Totp) -> Result<TotpBeingSetUp, Error> {
        let account = self.services.accounts().me(caller).await?;
        let uri = totp.provisioning_uri(ISSUER, account.handle.as_str());
        Ok(TotpBeingSetUp {
            secret: totp.base32(),
            qr: qr(&uri),
            uri: uri.into(),
        })
    }

    /// Switches the authenticator app on, with a first code of it. Every other session ends. Gives the
    /// recovery codes that were made with it, this once.
    ///
    /// # Errors
    /// `Invalid` when the code is wrong; `Conflict` when no app is being set up; `RateLimited`.
    pub async fn confirm_totp(
        &self,
        caller: &Caller,
        given: &wire::TotpCode,
    ) -> Result<wire::RecoveryCodes, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let subject = user.to_string();
        self.services
            .limit(&[(limits::SECOND_FACTOR_ACCOUNT, &subject)])
            .await?;
        let mut work = self.services.begin().await?;
        let factors = lock(&mut work, user).await?;
        let step = self.first_step(user, factors.totp.as_ref(), &given.code)?;
        work.enable_totp(user, step)
            .await
            .map_err(fault::of_database)?;
        let codes = ensure_recovery_codes(&mut work, user, &factors).await?;
        self.changed(work, caller, user, AuditEvent::SecondFactorEnabled, &codes)
            .await?;
        self.services
            .notify(caller, user, Notice::SecondFactorEnabled);
        self.services
            .forgive(limits::SECOND_FACTOR_ACCOUNT, &subject)
            .await;
        Ok(shown(&codes))
    }

    fn first_step(
        &self,
        user: UserId,
        stored: Option<&StoredTotp>,
        code: &str,
    ) -> Result<i64, Error> {
        let stored = stored.ok_or_else(not_begun)?;
        if stored.enabled {
            return Err(already_on());
        }
        self.services
            .open_totp(user, stored)?
            .check(code, self.services.now(), None)
            .ok_or_else(|| {
                Error::invalid(
                    "code",
                    "That is not the code of this moment. Enter the one that the app shows now; if it stays wrong, set the clock of the device.",
                )
            })
    }

    /// Switches the authenticator app off. Every other session ends; the recovery codes go, too, when
    /// no second factor is left.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong; `Conflict` when there is no app; `RateLimited`.
    pub async fn disable_totp(
        &self,
        caller: &Caller,
        given: &wire::ConfirmPassword,
    ) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        self.confirm(user, given).await?;
        let mut work = self.services.begin().await?;
        let factors = lock(&mut work, user).await?;
        if !factors.has_totp() {
            return Err(not_on());
        }
        work.delete_totp(user).await.map_err(fault::of_database)?;
        if factors.passkeys == 0 {
            work.delete_recovery_codes(user)
                .await
                .map_err(fault::of_database)?;
        }
        self.changed(work, caller, user, AuditEvent::SecondFactorDisabled, &[])
            .await?;
        // With a passkey left the password alone is still not enough.
        if factors.passkeys == 0 {
            self.services
                .notify(caller, user, Notice::SecondFactorDisabled);
        }
        Ok(())
    }

    /// Makes ten new recovery codes; those from before no longer work.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong; `Conflict` without a second factor; `RateLimited`.
    pub async fn renew_recovery_codes(
        &self,
        caller: &Caller,
        given: &wire::ConfirmPassword,
    ) -> Result<wire::RecoveryCodes, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        self.confirm(user, given).await?;
        let mut work = self.services.begin().await?;
        if !lock(&mut work, user).await?.any() {
            return Err(nothing_to_recover());
        }
        work.delete_recovery_codes(user)
            .await
            .map_err(fault::of_database)?;
        let codes = new_recovery_codes(&mut work, user).await?;
        let entry = caller.did(AuditEvent::RecoveryCodesCreated, user.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(shown(&codes))
    }

    async fn factors(&self, user: UserId) -> Result<database::SecondFactors, Error> {
        let database = &self.services.parts.database;
        database
            .second_factors(user)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(Error::unauthenticated)
    }

    async fn confirm(&self, user: UserId, given: &wire::ConfirmPassword) -> Result<(), Error> {
        let accounts = self.services.accounts();
        accounts.confirm(user, "password", &given.password).await
    }

    /// Ends the other sessions, which were begun under the earlier rule, and commits.
    async fn changed(
        &self,
        mut work: UnitOfWork,
        caller: &Caller,
        user: UserId,
        event: AuditEvent,
        codes: &[RecoveryCode],
    ) -> Result<(), Error> {
        work.revoke_sessions(user, sign_in::current(caller), self.services.now())
            .await
            .map_err(fault::of_database)?;
        let entry = caller.did(event, user.0).noting("authenticator app");
        work.audit(&entry).await.map_err(fault::of_database)?;
        if !codes.is_empty() {
            let entry = caller.did(AuditEvent::RecoveryCodesCreated, user.0);
            work.audit(&entry).await.map_err(fault::of_database)?;
        }
        work.commit().await.map_err(fault::of_database)
    }
}

async fn lock(work: &mut UnitOfWork, user: UserId) -> Result<database::SecondFactors, Error> {
    work.lock_second_factors(user)
        .await
        .map_err(fault::of_database)?
        .ok_or_else(Error::unauthenticated)
}
