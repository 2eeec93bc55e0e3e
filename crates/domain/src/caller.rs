//! Who is asking. Every service method takes a [`Caller`] first.

use crate::{ApiTokenId, Error, Role, Scope, SessionId, UserId};
use std::net::IpAddr;

/// What a person signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// A password or a passkey, in this session.
    Session(SessionId),
    /// A personal token.
    ApiToken(ApiTokenId),
}

/// A person who signed in, as the database knew them a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whose account it is.
    pub user: UserId,
    /// What the account is in the vault.
    pub role: Role,
    /// How much of it the sign-in allows.
    pub scope: Scope,
    /// What they signed in with.
    pub sign_in: SignIn,
}

/// Who stands behind a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody that we know.
    Anonymous,
    /// A person with an account.
    User(Identity),
    /// The vault itself, working off a job, or whoever runs its commands.
    System,
}

/// A call's origin: who makes it, from where, and the id under which the log names it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who is asking.
    pub who: Who,
    /// The request's id, also sent back to the client as `x-request-id`.
    pub request_id: String,
    /// The address that the request came from.
    pub address: Option<IpAddr>,
    /// What the client calls itself (`User-Agent`), at most 200 characters.
    pub device: String,
}

impl Caller {
    /// Somebody, before they have said who they are.
    pub fn anonymous(request_id: impl Into<String>) -> Self {
        Self {
            who: Who::Anonymous,
            request_id: request_id.into(),
            address: None,
            device: String::new(),
        }
    }

    /// The vault itself, working off the job of that name.
    pub fn system(job: impl Into<String>) -> Self {
        Self {
            who: Who::System,
            ..Self::anonymous(job)
        }
    }

    /// The same call, made by that person.
    #[must_use]
    pub fn signed_in(&self, identity: Identity) -> Self {
        Self {
            who: Who::User(identity),
            ..self.clone()
        }
    }

    /// The person who signed in.
    pub fn identity(&self) -> Option<&Identity> {
        match &self.who {
            Who::User(identity) => Some(identity),
            Who::Anonymous | Who::System => None,
        }
    }

    /// Whose rows this caller's own are.
    ///
    /// # Errors
    /// `Unauthenticated` for a caller without an account: they own nothing.
    pub fn owner(&self) -> Result<UserId, Error> {
        self.identity()
            .map(|identity| identity.user)
            .ok_or_else(Error::unauthenticated)
    }
}
