//! The database as it is at one moment.

use super::{
    Table,
    catalogue::{is_migrated, tables},
};
use crate::Error;
use domain::Sha256;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use sqlx::{Postgres, Row, Transaction, postgres::PgPoolOptions, postgres::PgRow};

/// How values are written, whatever the server's own settings are: so that they read back exactly.
const FORMS: &str = "
    SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 3;
    SET LOCAL statement_timeout = 0";

const OBJECTS: &str = r#"
    SELECT key, content_type, size_bytes, sha256 FROM (
        SELECT object_key AS key, content_type, size_bytes, sha256 FROM documents
         UNION ALL
        SELECT thumbnail_key, NULL, NULL, NULL FROM documents WHERE thumbnail_key IS NOT NULL
    ) AS objects ORDER BY key COLLATE "C""#;

/// An object that a document names.
#[derive(Clone, Debug)]
pub struct NamedObject {
    /// Where it is.
    pub key: String,
    /// Its media type; `None` for the picture of a first page.
    pub content_type: Option<String>,
    /// How many bytes it must have, where that is kept.
    pub size_bytes: Option<i64>,
    /// Their digest, where it is kept.
    pub sha256: Option<Sha256>,
}

/// What stands in the database at one moment. Others go on changing it meanwhile.
pub struct Snapshot {
    transaction: Transaction<'static, Postgres>,
}

impl Snapshot {
    /// Takes it. `url` names the migrate role, which owns every table.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn take(url: &str) -> Result<Self, Error> {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
        let mut transaction = pool
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?;
        sqlx::raw_sql(FORMS).execute(&mut *transaction).await?;
        Ok(Self { transaction })
    }

    /// The last migration that was applied; `None` where none was.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn schema(&mut self) -> Result<Option<i64>, Error> {
        if !is_migrated(&mut self.transaction).await? {
            return Ok(None);
        }
        Ok(
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
                .fetch_one(&mut *self.transaction)
                .await?,
        )
    }

    /// The tables whose rows are to be copied.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn tables(&mut self) -> Result<Vec<Table>, Error> {
        tables(&mut self.transaction).await
    }

    /// A table's rows in PostgreSQL's text form, one line each.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn rows(
        &mut self,
        table: &Table,
    ) -> Result<BoxStream<'_, Result<Vec<u8>, Error>>, Error> {
        let rows = self.transaction.copy_out_raw(&table.copy_out).await?;
        Ok(rows.map_ok(Vec::from).map_err(Error::from).boxed())
    }

    /// Every object that documents name, by key, byte by byte.
    pub fn objects(&mut self) -> BoxStream<'_, Result<NamedObject, Error>> {
        let rows = sqlx::query(OBJECTS).fetch(&mut *self.transaction);
        rows.map(|row| named(&row?).map_err(Error::from)).boxed()
    }
}

fn named(row: &PgRow) -> Result<NamedObject, sqlx::Error> {
    let sha256: Option<Vec<u8>> = row.try_get("sha256")?;
    Ok(NamedObject {
        key: row.try_get("key")?,
        content_type: row.try_get("content_type")?,
        size_bytes: row.try_get("size_bytes")?,
        sha256: sha256.and_then(|digest| digest.try_into().ok()).map(Sha256),
    })
}
