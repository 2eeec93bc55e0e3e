//! Where somebody is signed in, and how that ends.

use super::SignIns;
use crate::fault;
use domain::{
    AuditEvent, Caller, Error, Identity, Session, SessionId, SignIn,
    policy::{Action, authorise, authorise_owner},
};

impl SignIns<'_> {
    /// Ends the session that the caller is in. Without one there is nothing to end.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn log_out(&self, caller: &Caller) -> Result<(), Error> {
        match caller.identity() {
            Some(Identity {
                sign_in: SignIn::Session(session),
                ..
            }) => self.end(caller, *session).await.map(drop),
            _ => Ok(()),
        }
    }

    /// Where the caller is signed in, and which of it is this.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn sessions(
        &self,
        caller: &Caller,
    ) -> Result<(Vec<Session>, Option<SessionId>), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let sessions = self
            .services
            .parts
            .database
            .sessions(user, self.services.now())
            .await
            .map_err(fault::of_database)?;
        Ok((sessions, current(caller)))
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revoke(&self, caller: &Caller, session: SessionId) -> Result<(), Error> {
        authorise(caller, Action::ManageAccount)?;
        if self.end(caller, session).await? {
            return Ok(());
        }
        Err(Error::not_found(
            "session_not_found",
            "There is no such session. It may have ended already.",
        ))
    }

    /// Ends all of the caller's sessions, this one too.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn log_out_everywhere(&self, caller: &Caller) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let mut work = self.services.begin().await?;
        work.revoke_sessions(user, None, self.services.now())
            .await
            .map_err(fault::of_database)?;
        let entry = caller
            .did(AuditEvent::SessionRevoked, None)
            .noting("everywhere");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }

    async fn end(&self, caller: &Caller, session: SessionId) -> Result<bool, Error> {
        let user = caller.owner()?;
        let mut work = self.services.begin().await?;
        let ended = work
            .revoke_session(user, session, self.services.now())
            .await
            .map_err(fault::of_database)?;
        if ended {
            let entry = caller.did(AuditEvent::SessionRevoked, session.0);
            work.audit(&entry).await.map_err(fault::of_database)?;
        }
        work.commit().await.map_err(fault::of_database)?;
        Ok(ended)
    }
}

/// The session that the caller is in.
pub(crate) fn current(caller: &Caller) -> Option<SessionId> {
    match caller.identity()?.sign_in {
        SignIn::Session(id) => Some(id),
        SignIn::ApiToken(_) => None,
    }
}
