//! Signing in: passwords, the sessions that begin with them ([`sessions`]), and the tokens that stand for
//! these ([`tokens`]).
//!
//! A session is a row; its access tokens are short-lived and name it, and it is looked up on every
//! request, so that ending it takes effect at once. Refresh tokens rotate: an old one coming back ends
//! the session. Whether an account exists can't be told from the answer or from the time it takes.

mod sessions;
mod tokens;

pub(crate) use sessions::current;
pub(crate) use tokens::LookedUp;

use crate::{LoginStep, Services, fault, limits};
use auth::{OpaqueToken, TokenKind, Verified};
use database::{Credentials, NewSession, UnitOfWork};
use domain::{AuditEvent, Caller, Error, Identity, Kind, SessionId, UserId};
use secrecy::SecretString;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long a session lasts, however much it is used.
const SESSION_LIFETIME: Duration = Duration::days(90);

/// How long a session lasts that is not used.
const REFRESH_LIFETIME: Duration = Duration::days(30);

/// What somebody who signed in carries from now on.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Sent with every request.
    pub access_token: SecretString,
    /// Until when it is good.
    pub access_expires_at: OffsetDateTime,
    /// Exchanged for the next pair when the access token is no longer good.
    pub refresh_token: OpaqueToken,
    /// Until when it is good.
    pub refresh_expires_at: OffsetDateTime,
    /// Who it is.
    pub identity: Identity,
}

/// A password that was right a moment ago.
struct Checked {
    user: UserId,
    /// The hash that it fits.
    hash: String,
    /// The hash to keep instead, when that one was made with another setting.
    renewed: Option<String>,
}

/// The use cases of signing in and out.
pub struct SignIns<'a> {
    pub(crate) services: &'a Services,
}

fn wrong() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "wrong_credentials",
        "That name and password do not go together. Check both and try again.",
    )
}

impl SignIns<'_> {
    /// Signs in with handle or address, and password; or begins to, when the account asks for a second
    /// factor.
    ///
    /// # Errors
    /// `Unauthenticated` when they don't go together, or the account is disabled; `RateLimited`;
    /// `Unavailable`, also when the counters of tries can't be reached.
    pub async fn log_in(&self, caller: &Caller, given: &wire::LogIn) -> Result<LoginStep, Error> {
        let name = limits::name(&given.login);
        self.services
            .limit(&[
                (limits::LOGIN_ADDRESS, &limits::address(caller)),
                (limits::LOGIN_ACCOUNT, &name),
            ])
            .await?;
        let credentials = self
            .services
            .parts
            .database
            .credentials(&name)
            .await
            .map_err(fault::of_database)?;
        let found = self.checked(credentials, &given.password).await?;
        let Some(found) = found else {
            return self.refused(caller, &name).await;
        };
        let mut work = self.services.begin().await?;
        // Locked: a second factor that is switched on at this moment, or a new password, either comes
        // before and counts here, or comes after and ends this session.
        let factors = work
            .lock_second_factors(found.user)
            .await
            .map_err(fault::of_database)?;
        let is_still_right = work
            .has_password(found.user, &found.hash)
            .await
            .map_err(fault::of_database)?;
        let Some(factors) = factors.filter(|_| is_still_right) else {
            drop(work);
            return self.refused(caller, &name).await;
        };
        if let Some(renewed) = &found.renewed {
            work.set_password(found.user, renewed)
                .await
                .map_err(fault::of_database)?;
        }
        if factors.any() {
            let entry = caller.did_to(found.user, AuditEvent::SecondFactorWanted);
            work.audit(&entry).await.map_err(fault::of_database)?;
            let wanted = self.want_second_factor(work, found.user, &factors).await?;
            return Ok(LoginStep::SecondFactor(wanted));
        }
        let signed_in = self
            .begin_session_in(work, caller, found.user, None)
            .await?;
        self.services.forgive(limits::LOGIN_ACCOUNT, &name).await;
        Ok(LoginStep::SignedIn(signed_in))
    }

    /// Whose password it is, if it is theirs and they may sign in.
    async fn checked(
        &self,
        credentials: Option<Credentials>,
        password: &str,
    ) -> Result<Option<Checked>, Error> {
        let hash = credentials
            .as_ref()
            .and_then(|found| found.password_hash.clone());
        let verified = self
            .services
            .verify_password(password, hash.clone())
            .await?;
        let found = credentials.filter(|found| found.is_active);
        let Some((found, hash)) = found.zip(hash) else {
            return Ok(None);
        };
        let renewed = match verified {
            Verified::Wrong => return Ok(None),
            Verified::Right => None,
            Verified::RightButOutdated => Some(self.services.hash_password(password).await?),
        };
        Ok(Some(Checked {
            user: found.user,
            hash,
            renewed,
        }))
    }

    async fn refused<T>(&self, caller: &Caller, name: &str) -> Result<T, Error> {
        let database = &self.services.parts.database;
        let known = database
            .credentials(name)
            .await
            .map_err(fault::of_database)?;
        // The log tells the account's owner, but not what was typed: it may be a password in the wrong
        // field. A name that nobody has is logged too, so that it takes the same time.
        let entry = match known {
            Some(known) => caller.did_to(known.user, AuditEvent::SignInRefused),
            None => caller.did(AuditEvent::SignInRefused, None),
        };
        database.audit(&entry).await.map_err(fault::of_database)?;
        Err(wrong())
    }

    /// Signs in somebody whose account was made by this very call.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn begin_first(&self, caller: &Caller, user: UserId) -> Result<SignedIn, Error> {
        let work = self.services.begin().await?;
        self.begin_session_in(work, caller, user, None).await
    }

    /// How long it is until then, in seconds.
    pub fn seconds_until(&self, then: OffsetDateTime) -> i64 {
        (then - self.services.now()).whole_seconds().max(0)
    }

    /// Begins a session for somebody who has shown who they are, and commits; `how` is for the log.
    pub(crate) async fn begin_session_in(
        &self,
        mut work: UnitOfWork,
        caller: &Caller,
        user: UserId,
        how: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let session = SessionId(Uuid::now_v7());
        let now = self.services.now();
        work.insert_session(&NewSession {
            id: session,
            user,
            device: &caller.device,
            address: caller.address,
            expires_at: now + SESSION_LIFETIME,
        })
        .await
        .map_err(fault::of_database)?;
        let refresh_token = add_refresh_token(&mut work, session, user, now).await?;
        let entry = domain::AuditEntry {
            actor: Some(user),
            resource: Some(session.0),
            note: how.map(str::to_owned),
            ..caller.did_to(user, AuditEvent::SignedIn)
        };
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.signed_in(session, user, refresh_token, now).await
    }

    async fn signed_in(
        &self,
        session: SessionId,
        user: UserId,
        refresh_token: OpaqueToken,
        now: OffsetDateTime,
    ) -> Result<SignedIn, Error> {
        let parts = &self.services.parts;
        let (access_token, access_expires_at) = parts
            .accounts
            .access_tokens
            .issue(session.0, user.0, now)
            .map_err(|error| {
                tracing::error!(%error, "an access token could not be made");
                Error::internal()
            })?;
        let found = parts
            .database
            .session_identity(session, user, now)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(Error::unauthenticated)?;
        Ok(SignedIn {
            access_token: access_token.into(),
            access_expires_at,
            refresh_token,
            refresh_expires_at: now + REFRESH_LIFETIME,
            identity: found.identity,
        })
    }
}

async fn add_refresh_token(
    work: &mut UnitOfWork,
    session: SessionId,
    user: UserId,
    now: OffsetDateTime,
) -> Result<OpaqueToken, Error> {
    let token = OpaqueToken::generate(TokenKind::Refresh);
    let (id, hash) = (Uuid::now_v7(), token.hash());
    work.insert_refresh_token(id, session, user, hash.as_bytes(), now + REFRESH_LIFETIME)
        .await
        .map_err(fault::of_database)?;
    Ok(token)
}
