//! Whether the database can be worked with, and what stands in the way: for whoever sets it up.

use crate::Database;
use sqlx::{ConnectOptions, Connection};

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody answers there.
    Away(String),
    /// User or password are refused.
    Refused(String),
    /// The server has no such database.
    NoDatabase,
    /// The database has no tables of ours.
    NoSchema,
    /// Something else.
    Other(String),
}

impl From<sqlx::Error> for Obstacle {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(cause) => Self::Away(cause.to_string()),
            sqlx::Error::Database(cause) => match cause.code().as_deref() {
                Some("28P01" | "28000") => Self::Refused(cause.message().to_owned()),
                Some("3D000") => Self::NoDatabase,
                _ => Self::Other(cause.message().to_owned()),
            },
            _ => Self::Other(error.to_string()),
        }
    }
}

impl Database {
    /// Connects once, not through the pool, and looks whether the tables are there.
    ///
    /// # Errors
    /// The first thing that stands in the way.
    pub async fn try_out(&self) -> Result<(), Obstacle> {
        let mut connection = self.pool.options().connect().await?;
        let is_there =
            sqlx::query_scalar!(r#"SELECT to_regclass('public.jobs') IS NOT NULL AS "is_there!""#)
                .fetch_one(&mut connection)
                .await?;
        connection.close().await?;
        is_there.then_some(()).ok_or(Obstacle::NoSchema)
    }
}
