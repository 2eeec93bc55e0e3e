//! PostgreSQL, the only place that speaks SQL.
//!
//! Reads are methods of [`Database`], changes are methods of [`UnitOfWork`]: open, change, schedule
//! the job, commit; dropping it rolls back. One module per aggregate, each with its row structs
//! private to it. Every query about an owner's rows is filtered by that owner.

mod accounts;
mod activity;
mod addresses;
mod administration;
mod ai_budget;
mod api_tokens;
mod audit;
mod batches;
mod connections;
mod copying;
mod corrections;
mod documents;
mod error;
mod filing;
mod jobs;
mod lessons;
mod listing;
mod objects;
mod obstacle;
mod one_time_tokens;
mod parts;
mod passkeys;
mod pipeline;
mod processing;
mod quotas;
mod rows;
mod scrub;
mod sealed;
mod second_factors;
mod sessions;
mod topics;
mod uploads;

pub use accounts::{Credentials, NewUser};
pub use activity::ActsWanted;
pub use administration::ActiveAdmin;
pub use ai_budget::ProviderUsage;
pub use audit::BrokenLink;
pub use batches::InBatch;
pub use copying::{CopyIn, NamedObject, Restoration, Snapshot, Table};
pub use corrections::Correction;
pub use documents::Location;
pub use error::Error;
pub use filing::{StoredFiling, StoredProvider, StoredSettings};
pub use jobs::{Claim, JobOutcome, NewJob};
pub use lessons::{Gram, Teaches, TopicCounts};
pub use listing::{DocumentFilter, Listed, PageStart};
pub use obstacle::Obstacle;
pub use one_time_tokens::{OneTime, Purpose};
pub use parts::{NewPart, PartWritten, Place};
pub use passkeys::StoredKey;
pub use pipeline::GivenUp;
pub use processing::{MachineTopic, Reading, ToFile, ToProcess};
pub use quotas::Recounted;
pub use scrub::{HeldScrub, ScrubProgress, ToScrub};
pub use sealed::SealedPlace;
pub use second_factors::{SecondFactors, StoredTotp};
pub use sessions::{Exchanged, NewSession, SignedIn};
pub use uploads::Upload;

use connections::Connections;
use sqlx::{
    Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};
use tokio::sync::OwnedSemaphorePermit;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// A pool of connections to PostgreSQL.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Connections,
}

impl Database {
    /// A pool that connects when it is first used, so that a process can start while PostgreSQL is away.
    ///
    /// # Errors
    /// When `url` is not a PostgreSQL URL.
    pub fn connect_lazily(url: &str, max_connections: u32) -> Result<Self, Error> {
        let options = PgConnectOptions::from_str(url)
            .map_err(Error::from)?
            .application_name("docuvault");
        Ok(Self {
            pool: Connections::new(options, max_connections),
        })
    }

    /// Brings the schema up to date. `url` names the migrate role, never the app's (D-13).
    ///
    /// # Errors
    /// When the database can't be reached, the role lacks the right, or an applied migration was changed.
    pub async fn migrate(url: &str) -> Result<(), Error> {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
        MIGRATIONS.run(&pool).await?;
        pool.close().await;
        Ok(())
    }

    /// Asks for one row, within `limit`.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn ping(&self, limit: Duration) -> Result<(), Error> {
        let query = sqlx::query_scalar!(r#"SELECT 1 AS "one!""#).fetch_one(&self.pool);
        match tokio::time::timeout(limit, query).await {
            Ok(answer) => answer.map(drop).map_err(Error::from),
            Err(_) => Err(Error::Unavailable),
        }
    }

    /// Opens a unit of work.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn begin(&self) -> Result<UnitOfWork, Error> {
        let begun = self.pool.begin().await?;
        Ok(UnitOfWork {
            transaction: begun.transaction,
            _turn: Some(begun.turn),
        })
    }

    /// Closes every connection, waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Changes that happen together or not at all. Dropping it without [`UnitOfWork::commit`] undoes them.
pub struct UnitOfWork {
    transaction: Transaction<'static, Postgres>,
    /// None where the connection is nobody else's.
    _turn: Option<OwnedSemaphorePermit>,
}

impl UnitOfWork {
    /// Makes the changes lasting.
    ///
    /// # Errors
    /// When the database refuses or can't be reached; then nothing was changed.
    pub async fn commit(self) -> Result<(), Error> {
        self.transaction.commit().await.map_err(Error::from)
    }
}
