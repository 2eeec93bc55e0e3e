//! The permission policy: one pure function, asked by every service method.
//!
//! The rows a caller can see are narrowed again inside each query (by owner); the policy decides
//! whether the act is open to that kind of caller at all. `tests/policy.rs` holds the whole matrix.

use crate::{Caller, Error, Who};

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
    /// Work off background jobs.
    WorkJobs,
}

impl Action {
    /// Every action, for tests that walk the matrix.
    pub const ALL: [Self; 7] = [
        Self::ReadDocuments,
        Self::WriteDocuments,
        Self::ReadTopics,
        Self::WriteTopics,
        Self::ReadSettings,
        Self::WriteSettings,
        Self::WorkJobs,
    ];
}

/// Lets the caller through, or says why not.
///
/// # Errors
/// `Forbidden` when this kind of caller may not do that.
pub fn authorise(caller: &Caller, action: Action) -> Result<(), Error> {
    let allowed = match caller.who {
        Who::Anonymous => false,
        Who::Implicit | Who::User { .. } => action != Action::WorkJobs,
        Who::System => action == Action::WorkJobs,
    };
    if allowed {
        Ok(())
    } else {
        Err(Error::forbidden("You are not allowed to do that."))
    }
}
