//! All three, and how programs find them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::{ObjectStore, Postgres, Purpose, Redis, S3Server};

/// The bucket's name wherever nobody chose another.
const BUCKET: &str = "docuvault";

/// Where the objects are, in the folder of the state.
const OBJECTS: &str = "objects";

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
    /// Starts the three side by side, each in a folder of its own under `state`. The S3 server is
    /// s3s-fs, whatever is installed: tests make many buckets, and benchmarks are compared.
    pub async fn start(state: &Path, purpose: Purpose) -> Result<Self> {
        Self::start_with(S3Server::S3s, state, purpose).await
    }

    /// The S3 server for a vault that is lived in.
    pub async fn choose(state: &Path) -> Result<S3Server> {
        S3Server::for_folder(&state.join(OBJECTS)).await
    }

    /// The same as [`start`](Self::start) with a chosen S3 server.
    pub async fn start_with(choice: S3Server, state: &Path, purpose: Purpose) -> Result<Self> {
        let folders = ["postgres", "redis", OBJECTS].map(|name| state.join(name));
        let [postgres, redis, objects] = &folders;
        let (postgres, redis, objects) = tokio::try_join!(
            Postgres::start(postgres, purpose),
            Redis::start(redis, purpose),
            ObjectStore::start(choice, objects, BUCKET),
        )?;
        Ok(Self {
            postgres,
            redis,
            objects,
        })
    }

    /// What the settings of server and worker call them.
    pub fn env(&self) -> BTreeMap<String, String> {
        let app = self.objects.app_key();
        let mut env = vec![
            ("DATABASE_URL", self.postgres.app_url()),
            ("DATABASE_MIGRATE_URL", self.postgres.migrate_url()),
            ("REDIS_URL", self.redis.url()),
            ("MINIO_ENDPOINT", self.objects.endpoint()),
            ("MINIO_REGION", self.objects.region().to_owned()),
            ("MINIO_BUCKET", self.objects.bucket().to_owned()),
            ("MINIO_ACCESS_KEY", app.access.clone()),
            ("MINIO_SECRET_KEY", app.secret.clone()),
        ];
        if let Some(root) = self.objects.root_key() {
            env.push(("MINIO_ROOT_USER", root.access.clone()));
            env.push(("MINIO_ROOT_PASSWORD", root.secret.clone()));
        }
        env.into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }

    /// Stops all three, even if one of them makes trouble.
    pub async fn stop(mut self) -> Result<()> {
        let objects = self.objects.stop().await;
        let redis = self.redis.stop().await;
        self.postgres.stop().await.and(redis).and(objects)
    }

    /// Completes only when one of them ends without having been stopped.
    pub async fn unexpected_end(&mut self) -> anyhow::Error {
        tokio::select! {
            error = self.postgres.unexpected_end() => error,
            error = self.redis.unexpected_end() => error,
            error = self.objects.unexpected_end() => error,
        }
    }
}
