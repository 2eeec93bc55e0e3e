//! From the parts' errors to the one error of the service boundary. Causes are logged here, once,
//! and never leave.

use domain::Error;
use std::error::Error as StdError;

/// What a caller hears of a database error.
pub(crate) fn of_database(error: database::Error) -> Error {
    match error {
        database::Error::Unavailable => {
            tracing::warn!("PostgreSQL can't be reached");
            Error::unavailable("database")
        }
        error => {
            tracing::error!(error = &error as &dyn StdError, "the database failed");
            Error::internal()
        }
    }
}

/// What a caller hears of a storage error.
pub(crate) fn of_storage(error: storage::Error) -> Error {
    match error {
        storage::Error::Source(error) => error,
        storage::Error::Unavailable(cause) => {
            tracing::warn!(
                error = &*cause as &dyn StdError,
                "the object store can't be reached"
            );
            Error::unavailable("object store")
        }
        error => {
            tracing::error!(error = &error as &dyn StdError, "the object store failed");
            Error::internal()
        }
    }
}
