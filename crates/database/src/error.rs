//! What can go wrong in the database, in the terms that services act on.

use thiserror::Error as ThisError;

/// A database error.
#[derive(Debug, ThisError)]
pub enum Error {
    /// A uniqueness rule was broken; the name is the constraint's.
    #[error("the constraint {0} was violated")]
    Conflict(String),
    /// PostgreSQL can't be reached, or gave no answer in time.
    #[error("PostgreSQL can't be reached")]
    Unavailable,
    /// Something else was changed at the same moment; nothing was done, and the same may work now.
    #[error("something else was changed at the same moment")]
    Again,
    /// The job's lease went to another worker, or its document was deleted.
    #[error("the job's lease is lost")]
    LeaseLost,
    /// A row holds what the domain does not allow.
    #[error("{table}.{column} of row {id} holds a value that is not allowed")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        id: uuid::Uuid,
    },
    /// A migration could not be applied.
    #[error("a migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Anything else.
    #[error("a query failed")]
    Query(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Tls(_) => Self::Unavailable,
            sqlx::Error::Database(cause) if cause.is_unique_violation() => {
                Self::Conflict(cause.constraint().unwrap_or_default().to_owned())
            }
            // Class 40: rolled back, as one of two that wait for each other. And a row that was named is
            // gone meanwhile: the next try sees that.
            sqlx::Error::Database(cause)
                if cause.is_foreign_key_violation()
                    || cause.code().is_some_and(|code| code.starts_with("40")) =>
            {
                Self::Again
            }
            // Classes 08 (connection), 57P (operator intervention), 53 (insufficient resources).
            sqlx::Error::Database(cause)
                if cause.code().is_some_and(|code| {
                    code.starts_with("08") || code.starts_with("57P") || code.starts_with("53")
                }) =>
            {
                Self::Unavailable
            }
            _ => Self::Query(error),
        }
    }
}
