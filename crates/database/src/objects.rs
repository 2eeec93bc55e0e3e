//! Objects whose rows are gone: what is still to be deleted and when, and which keys no row names.

use crate::{Database, Error};
use time::OffsetDateTime;

impl Database {
    /// Keys of objects that are to be deleted by now, those that wait longest first. What a row names is
    /// never among them.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn object_deletions(
        &self,
        now: OffsetDateTime,
        limit: i64,
    ) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar!(
            "SELECT object_key FROM object_deletions o
              WHERE due_at <= $1
                AND NOT EXISTS (SELECT FROM documents WHERE documents.object_key = o.object_key)
                AND NOT EXISTS (SELECT FROM documents WHERE thumbnail_key = o.object_key)
              ORDER BY due_at LIMIT $2",
            now,
            limit
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Notes which of these objects no row names, to be deleted at that time if it is still so then. Gives
    /// how many are new among them. Objects of accounts that this database does not know are left alone:
    /// they may be another vault's, or of one that is about to be restored.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn note_orphans(
        &self,
        keys: &[String],
        due_at: OffsetDateTime,
    ) -> Result<u64, Error> {
        let noted = sqlx::query!(
            "INSERT INTO object_deletions (object_key, due_at)
             SELECT key, $2 FROM unnest($1::text[]) AS keys (key)
              WHERE split_part(key, '/', 1) IN (SELECT id::text FROM users)
                AND NOT EXISTS (SELECT FROM documents WHERE object_key = key)
                AND NOT EXISTS (SELECT FROM documents WHERE thumbnail_key = key)
             ON CONFLICT DO NOTHING",
            keys,
            due_at,
        )
        .execute(&self.pool)
        .await?;
        Ok(noted.rows_affected())
    }

    /// The store would not delete this object: it is tried again at that time.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn postpone_object_deletion(
        &self,
        key: &str,
        due_at: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE object_deletions SET due_at = $2 WHERE object_key = $1",
            key,
            due_at
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Notes an object for deletion.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn note_object_deletion(&self, key: &str) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO object_deletions (object_key) VALUES ($1) ON CONFLICT DO NOTHING",
            key
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// These objects are deleted.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn objects_deleted(&self, keys: &[String]) -> Result<(), Error> {
        sqlx::query!(
            "DELETE FROM object_deletions WHERE object_key = ANY ($1)",
            keys
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Which of these keys no document names.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn orphans_among(&self, keys: &[String]) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar!(
            r#"
            SELECT key AS "key!" FROM unnest($1::text[]) AS keys (key)
             WHERE NOT EXISTS (SELECT 1 FROM documents WHERE object_key = key)
               AND NOT EXISTS (SELECT 1 FROM documents WHERE thumbnail_key = key)
            "#,
            keys,
        )
        .fetch_all(&self.pool)
        .await?)
    }
}
