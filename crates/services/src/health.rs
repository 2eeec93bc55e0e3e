//! Whether the vault can work: one probe per part, all at once (D-07).

use crate::Services;
use std::time::Duration;
use wire::{Check, Checks, HealthStatus};

/// How long one part may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The health probe. Open to everybody: it says nothing about anybody's documents.
pub struct Health<'a> {
    pub(crate) services: &'a Services,
}

impl Health<'_> {
    /// Asks every part.
    pub async fn check(&self) -> wire::Health {
        let parts = &self.services.parts;
        let (postgres, minio, redis) = tokio::join!(
            parts.database.ping(PATIENCE),
            parts.storage.health(),
            parts.delivery.ping()
        );
        let checks = Checks {
            postgres: postgres.map_or_else(|_| Check::error("no answer"), |()| Check::ok()),
            minio: minio.map_or_else(
                |error| match error {
                    storage::Error::Refused(_) => Check::error("access refused"),
                    _ => Check::error("no answer"),
                },
                |()| Check::ok(),
            ),
            redis: redis.map_or_else(|_| Check::error("no answer"), |()| Check::ok()),
        };
        let ok = checks.postgres.is_ok() && checks.minio.is_ok() && checks.redis.is_ok();
        wire::Health {
            status: if ok {
                HealthStatus::Ok
            } else {
                HealthStatus::Degraded
            },
            checks,
        }
    }
}
