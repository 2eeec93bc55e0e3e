//! The permission policy: one pure function, asked by every service method.
//!
//! The rows a caller can see are narrowed again inside each query (by owner); the policy decides
//! whether the act is open to that kind of caller at all. `tests/policy.rs` holds the whole matrix.

use crate::{Caller, Error, Role, Scope, UserId, Who};

/// What a caller wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See one's own documents, their text, bytes and thumbnails.
    ReadDocuments,
    /// Upload, change, classify again or delete one's own documents.
    WriteDocuments,
    /// See one's own topics.
    ReadTopics,
    /// Create, change or delete one's own topics.
    WriteTopics,
    /// See the filing settings (never a key).
    ReadSettings,
    /// Change the filing settings, and test a provider.
    WriteSettings,
    /// See one's own account: name, address, quota.
    ReadAccount,
    /// Change one's own account: how one signs in, where one is signed in, tokens, its end.
    ManageAccount,
    /// See what one did, and what was done to one's account: the log.
    ReadActivity,
    /// See and change everybody's accounts.
    ManageUsers,
    /// See how the whole vault works (its background jobs, everybody's log), and have failed work tried
    /// again. Names and texts of documents are not part of that.
    RunVault,
    /// See whether every document's bytes are in the store and whole, and have that looked at.
    CheckStore,
    /// Work off background jobs, and what else the vault does by itself.
    WorkJobs,
}

impl Action {
    /// Every action, for tests that walk the matrix.
    pub const ALL: [Self; 13] = [
        Self::ReadDocuments,
        Self::WriteDocuments,
        Self::ReadTopics,
        Self::WriteTopics,
        Self::ReadSettings,
        Self::WriteSettings,
        Self::ReadAccount,
        Self::ManageAccount,
        Self::ReadActivity,
        Self::ManageUsers,
        Self::RunVault,
        Self::CheckStore,
        Self::WorkJobs,
    ];

    /// The least that a person must be and have signed in with; `None` for what no person does.
    fn asks(self) -> Option<(Role, Scope)> {
        match self {
            Self::ReadDocuments | Self::ReadTopics | Self::ReadSettings | Self::ReadAccount => {
                Some((Role::User, Scope::Read))
            }
            Self::WriteDocuments | Self::WriteTopics | Self::WriteSettings => {
                Some((Role::User, Scope::Write))
            }
            Self::ManageAccount | Self::ReadActivity => Some((Role::User, Scope::Admin)),
            Self::ManageUsers | Self::RunVault | Self::CheckStore => {
                Some((Role::Admin, Scope::Admin))
            }
            Self::WorkJobs => None,
        }
    }
}

/// Lets the caller through, or says why not.
///
/// # Errors
/// `Unauthenticated` for nobody in particular, `Forbidden` when this caller may not do that.
pub fn authorise(caller: &Caller, action: Action) -> Result<(), Error> {
    let allowed = match (&caller.who, action.asks()) {
        (Who::Anonymous, _) => return Err(Error::unauthenticated()),
        (Who::System, asked) => asked.is_none(),
        (Who::User(identity), Some((role, scope))) => {
            (identity.role == role || identity.role == Role::Admin) && identity.scope >= scope
        }
        (Who::User(_), None) => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(Error::forbidden("You are not allowed to do that."))
    }
}

/// [`authorise`], for acts on the caller's own rows: whose they are.
///
/// # Errors
/// As there.
pub fn authorise_owner(caller: &Caller, action: Action) -> Result<UserId, Error> {
    authorise(caller, action)?;
    caller.owner()
}
