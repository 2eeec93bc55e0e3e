//! Why an export or an import came to no end.

use std::{io, path::Path};
use thiserror::Error as ThisError;

/// Why it came to no end.
#[derive(Debug, ThisError)]
pub enum Error {
    /// It was not begun; the sentence says why, and what to do.
    #[error("{0}")]
    Refused(String),
    /// The folder does not hold what was exported: something is missing, or was changed.
    #[error("{0}")]
    Altered(String),
    /// A file or folder can't be used.
    #[error("{path} can't be {act}")]
    File {
        /// Which.
        path: String,
        /// What was to be done with it: `read`, `written`.
        act: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// The object store failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// A function from what the system says to an error that names the file.
pub(crate) fn of_file(path: &Path, act: &'static str) -> impl FnOnce(io::Error) -> Error {
    let path = path.display().to_string();
    move |cause| Error::File { path, act, cause }
}

/// Something in the folder is not what was exported.
pub(crate) fn altered(path: &Path, what: &str) -> Error {
    Error::Altered(format!("{} {what}", path.display()))
}
