//! The least that an upload can cost: one PUT and one committed INSERT, with nothing around them.

use std::str::FromStr;

use anyhow::{Context, Result};
use s3::creds::Credentials;
use s3::{Bucket, Region};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

use crate::load::AT_ONCE;
use crate::vault::Vault;

/// A bucket and a table, those of a vault's own services. Cheap to clone.
#[derive(Clone)]
pub struct Bare {
    bucket: Box<Bucket>,
    /// One for each that is under way: sqlx's pool asks each connection that is given back whether it still
    /// stands, which costs a round trip.
    free: Arc<Mutex<Vec<PgConnection>>>,
}

impl Bare {
    /// Makes the table and opens both as the application does.
    pub async fn open(vault: &Vault) -> Result<Self> {
        let migrate = vault.migrate_database().await?;
        sqlx::query(
            "CREATE TABLE bare_documents (
                id uuid PRIMARY KEY,
                object_key text NOT NULL UNIQUE,
                filename text NOT NULL,
                content_type text NOT NULL,
                size_bytes bigint NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now()
            )",
        )
        .execute(&migrate)
        .await?;
        migrate.close().await;
        let options = PgConnectOptions::from_str(vault.variable("DATABASE_URL")?)?;
        let mut free = Vec::new();
        for _ in 0..AT_ONCE {
            free.push(options.connect().await?);
        }
        Ok(Self {
            bucket: bucket(vault)?,
            free: Arc::new(Mutex::new(free)),
        })
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<PgConnection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores one file under a key of the kind that the application uses (D-06).
    pub async fn keep(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let id = Uuid::now_v7();
        let key = format!("null/{id}/{}.txt", Uuid::new_v4());
        self.bucket
            .put_object_with_content_type(&key, bytes, "text/plain")
            .await?;
        let connection = self.free().pop();
        let mut connection = connection.context("more under way than there are connections")?;
        sqlx::query(
            "INSERT INTO bare_documents (id, object_key, filename, content_type, size_bytes)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(&key)
        .bind(name)
        .bind("text/plain")
        .bind(i64::try_from(bytes.len())?)
        .execute(&mut connection)
        .await?;
        self.free().push(connection);
        Ok(())
    }
}

fn bucket(vault: &Vault) -> Result<Box<Bucket>> {
    let region = Region::Custom {
        region: vault.variable("MINIO_REGION")?.to_owned(),
        endpoint: vault.variable("MINIO_ENDPOINT")?.to_owned(),
    };
    let credentials = Credentials::new(
        Some(vault.variable("MINIO_ACCESS_KEY")?),
        Some(vault.variable("MINIO_SECRET_KEY")?),
        None,
        None,
        None,
    )?;
    let bucket = Bucket::new(vault.variable("MINIO_BUCKET")?, region, credentials)?;
    Ok(bucket.with_path_style())
}
