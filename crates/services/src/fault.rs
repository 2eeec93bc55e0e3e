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
        database::Error::Again => {
            tracing::warn!("a change stood in the way of another for too long");
            Error::unavailable("database")
        }
        error => {
            tracing::error!(error = &error as &dyn StdError, "the database failed");
            Error::internal()
        }
    }
}

/// How often a change is tried that others stand in the way of.
const TRIES: usize = 3;

/// Does it again while something else that is changed at the same moment keeps it from being done.
pub(crate) async fn repeated<T, F>(act: impl Fn() -> F) -> Result<T, database::Error>
where
    F: Future<Output = Result<T, database::Error>>,
{
    for _ in 1..TRIES {
        match act().await {
            Err(database::Error::Again) => tokio::task::yield_now().await,
            outcome => return outcome,
        }
    }
    act().await
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
