//! Who sends a token, and whether it is still good. Refresh tokens are exchanged for the next pair.

use super::{SignIns, SignedIn, add_refresh_token};
use crate::{fault, limits};
use auth::{OpaqueToken, TokenKind};
use database::Exchanged;
use domain::{AuditEvent, Caller, Error, Identity, SessionId, SignIn, UserId};
use time::{Duration, OffsetDateTime};

/// How often an answer that goes on looks whether it still may.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

/// Within this time a refresh token may be exchanged again: two tabs, asking at once.
const REFRESH_GRACE: Duration = Duration::seconds(10);

impl SignIns<'_> {
    /// Exchanges a refresh token for the next pair.
    ///
    /// # Errors
    /// `Unauthenticated` when it is no longer good; one that was exchanged before ends its session.
    pub async fn refresh(&self, caller: &Caller, token: &str) -> Result<SignedIn, Error> {
        let Some(token) = OpaqueToken::parse(TokenKind::Refresh, token) else {
            return Err(Error::unauthenticated());
        };
        let now = self.services.now();
        let mut work = self.services.begin().await?;
        let exchanged = work
            .exchange_refresh_token(token.hash().as_bytes(), now, REFRESH_GRACE)
            .await
            .map_err(fault::of_database)?;
        match exchanged {
            Exchanged::Good(session, user) => {
                let next = add_refresh_token(&mut work, session, user, now).await?;
                work.commit().await.map_err(fault::of_database)?;
                self.signed_in(session, user, next, now).await
            }
            Exchanged::Reused(session, user) => {
                let entry = domain::AuditEntry {
                    resource: Some(session.0),
                    ..caller.did_to(user, AuditEvent::RefreshTokenReused)
                };
                work.audit(&entry).await.map_err(fault::of_database)?;
                work.commit().await.map_err(fault::of_database)?;
                tracing::warn!(session = %session, "an old refresh token came back; its session was ended");
                Err(Error::unauthenticated())
            }
            Exchanged::Refused => {
                drop(work);
                // Good ones are not counted: nobody's guesses shut out those who share the address.
                self.services
                    .limit_load(&[(limits::TOKEN_ADDRESS, &limits::address(caller))])
                    .await?;
                Err(Error::unauthenticated())
            }
        }
    }

    /// Who sends this refresh token, without exchanging it: for a request that takes so long that
    /// others, which still carry the same token, come before its answer.
    ///
    /// # Errors
    /// `Unauthenticated` when it is no longer good.
    pub async fn identify_by_refresh(
        &self,
        caller: &Caller,
        token: &str,
    ) -> Result<Identity, Error> {
        let Some(token) = OpaqueToken::parse(TokenKind::Refresh, token) else {
            return Err(Error::unauthenticated());
        };
        let now = self.services.now();
        let found = self
            .services
            .parts
            .database
            .refresh_token_identity(token.hash().as_bytes(), now, REFRESH_GRACE)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(Error::unauthenticated)?;
        if found.note_use {
            self.note_use(caller, found.identity.sign_in, now);
        }
        Ok(found.identity)
    }

    /// Who sends this access token or API token.
    ///
    /// # Errors
    /// `Unauthenticated` when it is not good (any more), `Unavailable` when that can't be known now.
    pub async fn identify(&self, caller: &Caller, token: &str) -> Result<Identity, Error> {
        let parts = &self.services.parts;
        let now = self.services.now();
        let found = if TokenKind::of(token) == Some(TokenKind::Api) {
            let token =
                OpaqueToken::parse(TokenKind::Api, token).ok_or_else(Error::unauthenticated)?;
            parts
                .database
                .api_token_identity(token.hash().as_bytes(), now)
                .await
        } else {
            let claims = parts
                .accounts
                .access_tokens
                .verify(token, now)
                .map_err(|_| Error::unauthenticated())?;
            parts
                .database
                .session_identity(SessionId(claims.session), UserId(claims.user), now)
                .await
        };
        let found = found
            .map_err(fault::of_database)?
            .ok_or_else(Error::unauthenticated)?;
        if found.note_use {
            self.note_use(caller, found.identity.sign_in, now);
        }
        Ok(found.identity)
    }

    /// Whether what the caller signed in with is still good.
    ///
    /// # Errors
    /// `Unauthenticated` when it is not.
    pub(crate) async fn check(&self, caller: &Caller) -> Result<(), Error> {
        let identity = caller.identity().ok_or_else(Error::unauthenticated)?;
        let database = &self.services.parts.database;
        let good = database.is_signed_in(identity, self.services.now()).await;
        match good.map_err(fault::of_database)? {
            true => Ok(()),
            false => Err(Error::unauthenticated()),
        }
    }

    /// Completes once what the caller signed in with is no longer good: for answers that go on and on.
    ///
    /// # Errors
    /// `Unauthenticated` when the caller did not sign in.
    pub(crate) fn signed_out(
        &self,
        caller: &Caller,
    ) -> Result<impl Future<Output = ()> + Send + use<>, Error> {
        let identity = *caller.identity().ok_or_else(Error::unauthenticated)?;
        let services = self.services.clone();
        Ok(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                let database = &services.parts.database;
                // A database that is away says nothing about the session.
                if let Ok(false) = database.is_signed_in(&identity, services.now()).await {
                    return;
                }
            }
        })
    }

    /// Beside the request: nobody waits for it.
    fn note_use(&self, caller: &Caller, sign_in: SignIn, now: OffsetDateTime) {
        let database = self.services.parts.database.clone();
        let address = caller.address;
        self.services.tasks.spawn(async move {
            let noted = match sign_in {
                SignIn::Session(id) => database.note_session_use(id, address, now).await,
                SignIn::ApiToken(id) => database.note_api_token_use(id, now).await,
            };
            if let Err(error) = noted {
                tracing::debug!(%error, "the use of a sign-in could not be noted");
            }
        });
    }
}
