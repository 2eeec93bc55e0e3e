//! Objects whose rows are gone: what is still to be deleted, and which keys no row names.

use crate::{Database, Error};

impl Database {
    /// Keys of objects that are still to be deleted, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn object_deletions(&self, limit: i64) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar!(
            "SELECT object_key FROM object_deletions ORDER BY created_at LIMIT $1",
            limit
        )
        .fetch_all(&self.pool)
        .await?)
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
