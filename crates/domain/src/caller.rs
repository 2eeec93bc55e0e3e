//! Who is asking. Every service method takes a [`Caller`] first.

use crate::UserId;

/// Who stands behind a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody that we know.
    Anonymous,
    /// The one implicit person of a vault without accounts; owns every row whose `user_id` is null.
    Implicit,
    /// A person with an account.
    User {
        /// Whose account it is.
        id: UserId,
        /// Whether the account administers the vault.
        admin: bool,
    },
    /// The vault itself, working off a job.
    System,
}

/// A call's origin: who makes it, and the id under which the log names it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who is asking.
    pub who: Who,
    /// The request's id, also sent back to the client as `x-request-id`.
    pub request_id: String,
}

impl Caller {
    /// The implicit person of a vault without accounts.
    pub fn implicit(request_id: impl Into<String>) -> Self {
        Self {
            who: Who::Implicit,
            request_id: request_id.into(),
        }
    }

    /// The vault itself, working off the job of that name.
    pub fn system(job: impl Into<String>) -> Self {
        Self {
            who: Who::System,
            request_id: job.into(),
        }
    }

    /// Whose rows this caller's own are: the account's id, or `None` for the rows without an owner.
    pub fn owner(&self) -> Option<UserId> {
        match self.who {
            Who::User { id, .. } => Some(id),
            Who::Anonymous | Who::Implicit | Who::System => None,
        }
    }
}
