//! Why a file gave no text, and whether trying again can help.

use serde::{Deserialize, Serialize};
use std::io;

/// Why a file gave no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    /// The file itself is the reason. The sentence is for the person who uploaded it.
    #[error("{0}")]
    Permanent(String),
    /// This machine is the reason. The sentence is for the log; trying later can help.
    #[error("{0}")]
    Transient(String),
    /// The folder for temporary files is full, which is no fault of this file. The sentence is for the log;
    /// the try does not count.
    #[error("{0}")]
    NoRoom(String),
    /// The child ran out of time or memory, or died. The sentence is for the person who uploaded the
    /// file; one more try is worth it, then it is permanent.
    #[error("{0}")]
    Killed(String),
}

impl Failure {
    pub(crate) fn permanent(sentence: impl Into<String>) -> Self {
        Self::Permanent(sentence.into())
    }

    pub(crate) fn transient(sentence: impl Into<String>) -> Self {
        Self::Transient(sentence.into())
    }

    /// For a temporary file that could not be made, written or read: `what` says which.
    pub(crate) fn of_temporary(what: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::NoRoom(format!("{what}: {error}"))
            }
            _ => Self::Transient(format!("{what}: {error}")),
        }
    }

    /// For a tool whose time was over, when nothing else was found.
    pub(crate) fn too_slow() -> Self {
        Self::Killed(
            "Reading the file took longer than one file is allowed. Upload a smaller or simpler copy."
                .to_owned(),
        )
    }

    /// For a process that the kernel ended.
    pub(crate) fn died() -> Self {
        Self::Killed(
            "Reading the file took more memory or computing time than one file is allowed. Upload a smaller or simpler copy."
                .to_owned(),
        )
    }
}
