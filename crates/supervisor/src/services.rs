//! All three, and how programs find them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::{ObjectStore, Postgres, Purpose, Redis};

/// The bucket's name wherever nobody chose another.
const BUCKET: &str = "docuvault";

/// PostgreSQL, Redis and an S3 server. They are public so that a test can stop one of them.
pub struct Services {
    /// Where the truth is.
    pub postgres: Postgres,
    /// Where jobs are delivered.
    pub redis: Redis,
    /// Where the bytes are.
    pub objects: ObjectStore,
}

impl Services {
    /// Starts the three side by side, each in a folder of its own under `state`.
    pub async fn start(state: &Path, purpose: Purpose) -> Result<Self> {
        let folders = ["postgres", "redis", "objects"].map(|name| state.join(name));
        let [postgres, redis, objects] = &folders;
        let (postgres, redis, objects) = tokio::try_join!(
            Postgres::start(postgres, purpose),
            Redis::start(redis, purpose),
            ObjectStore::start(objects, BUCKET),
        )?;
        Ok(Self {
            postgres,
            redis,
            objects,
        })
    }

    /// What the settings of server and worker call them.
    pub fn env(&self) -> BTreeMap<String, String> {
        let (root, app) = (self.objects.root_key(), self.objects.app_key());
        [
            ("DATABASE_URL", self.postgres.app_url()),
            ("DATABASE_MIGRATE_URL", self.postgres.migrate_url()),
            ("REDIS_URL", self.redis.url()),
            ("MINIO_ENDPOINT", self.objects.endpoint()),
            ("MINIO_REGION", "us-east-1".to_owned()),
            ("MINIO_ROOT_USER", root.access.clone()),
            ("MINIO_ROOT_PASSWORD", root.secret.clone()),
            ("MINIO_BUCKET", self.objects.bucket().to_owned()),
            ("MINIO_ACCESS_KEY", app.access.clone()),
            ("MINIO_SECRET_KEY", app.secret.clone()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
    }

    /// Stops all three, even if one of them makes trouble.
    pub async fn stop(mut self) -> Result<()> {
        self.objects.stop().await;
        let redis = self.redis.stop().await;
        self.postgres.stop().await.and(redis)
    }

    /// Completes only when one of them ends without having been stopped.
    pub async fn unexpected_end(&mut self) -> anyhow::Error {
        tokio::select! {
            error = self.postgres.unexpected_end() => error,
            error = self.redis.unexpected_end() => error,
        }
    }
}
