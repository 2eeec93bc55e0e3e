//! Who sends a token, and whether it is still good. Refresh tokens are exchanged for the next pair.

use super::{SignIns, SignedIn, add_refresh_token};
use crate::{
    fault,
    lanes::{Lanes, Waiting},
    limits,
};
use auth::{OpaqueToken, TokenHash, TokenKind};
use database::Exchanged;
use domain::{AuditEvent, Caller, Error, Identity, SessionId, SignIn, UserId};
use time::{Duration, OffsetDateTime};

/// How often an answer that goes on looks whether it still may.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

/// Within this time a refresh token may be exchanged again: two tabs, asking at once.
const REFRESH_GRACE: Duration = Duration::seconds(10);

/// What is known of a token before it is looked up.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Claimed {
    Session(SessionId, UserId),
    ApiToken(TokenHash),
}

type Found = Result<Option<database::SignedIn>, Error>;

/// Tokens that wait to be looked up. A page asks for fifty pictures at once, all with the same token: each of
/// these requests needs an answer that was not given before it came, but one answer does for all that wait.
pub(crate) type LookedUp = Lanes<Claimed, (), Found>;

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
        let claimed = if TokenKind::of(token) == Some(TokenKind::Api) {
            let token =
                OpaqueToken::parse(TokenKind::Api, token).ok_or_else(Error::unauthenticated)?;
            Claimed::ApiToken(token.hash())
        } else {
            let tokens = &self.services.parts.accounts.access_tokens;
            let claims = tokens
                .verify(token, self.services.now())
                .map_err(|_| Error::unauthenticated())?;
            Claimed::Session(SessionId(claims.session), UserId(claims.user))
        };
        let found = self
            .look_up(claimed)
            .await?
            .ok_or_else(Error::unauthenticated)?;
        if found.note_use {
            self.note_use(caller, found.identity.sign_in, self.services.now());
        }
        Ok(found.identity)
    }

    /// Looks a token up, together with whoever else waits for the same.
    async fn look_up(&self, claimed: Claimed) -> Found {
        let answer_all = |waiting| self.answer_all(claimed, waiting);
        let waiting = &self.services.looked_up;
        match waiting.join(claimed, (), usize::MAX, answer_all).await {
            Some(found) => found,
            // Whoever asked for all went away.
            None => self.look_up_now(claimed).await,
        }
    }

    async fn answer_all(&self, claimed: Claimed, waiting: Vec<Waiting<(), Found>>) {
        let found = self.look_up_now(claimed).await;
        for one in waiting {
            // Who no longer waits went away.
            let _ = one.answer.send(found.clone());
        }
    }

    async fn look_up_now(&self, claimed: Claimed) -> Found {
        let (database, now) = (&self.services.parts.database, self.services.now());
        let found = match claimed {
            Claimed::Session(session, user) => database.session_identity(session, user, now).await,
            Claimed::ApiToken(hash) => database.api_token_identity(hash.as_bytes(), now).await,
        };
        found.map_err(fault::of_database)
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
