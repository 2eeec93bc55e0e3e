//! How much room an account's documents take, and may take. Uploads and deletions count in their own
//! statements (`documents`); here is what remains.

use crate::{Database, Error, UnitOfWork};
use domain::UserId;

/// An account whose count was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recounted {
    /// Whose.
    pub user: UserId,
    /// What was written down, in bytes.
    pub counted: i64,
    /// What its documents take.
    pub actual: i64,
}

impl Database {
    /// How many more bytes an account's documents may take; `None` without an account.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn quota_left(&self, user: UserId) -> Result<Option<i64>, Error> {
        Ok(sqlx::query_scalar!(
            r#"SELECT greatest(limit_bytes - used_bytes, 0) AS "left!" FROM quotas WHERE user_id = $1"#,
            user.0,
        )
        .fetch_optional(&self.pool)
        .await?)
    }
}

impl UnitOfWork {
    /// Holds an account's quota. Whoever needs it and documents takes it first, so that nobody waits for
    /// each other.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn lock_quota(&mut self, user: UserId) -> Result<(), Error> {
        sqlx::query!(
            "SELECT user_id FROM quotas WHERE user_id = $1 FOR NO KEY UPDATE",
            user.0
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Sets what an account's documents may take, in bytes.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn set_quota(&mut self, user: UserId, limit_bytes: i64) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE quotas SET limit_bytes = $2 WHERE user_id = $1",
            user.0,
            limit_bytes,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Adds up what every account's documents take and how many they are, and corrects the counts that differ. Uploads and
    /// deletions wait until the unit of work ends.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn recount_quotas(&mut self) -> Result<Vec<Recounted>, Error> {
        sqlx::query!("LOCK TABLE quotas IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut *self.transaction)
            .await?;
        let rows = sqlx::query!(
            r#"
            WITH actual AS (
                SELECT q.user_id, q.used_bytes, COALESCE(sum(d.size_bytes), 0)::bigint AS bytes,
                       count(d.id) AS documents
                  FROM quotas q LEFT JOIN documents d ON d.user_id = q.user_id
                 GROUP BY q.user_id
            )
            UPDATE quotas SET used_bytes = actual.bytes, documents = actual.documents FROM actual
             WHERE actual.user_id = quotas.user_id
               AND (actual.bytes, actual.documents) <> (quotas.used_bytes, quotas.documents)
            RETURNING quotas.user_id, actual.used_bytes AS "counted!", actual.bytes AS "actual!"
            "#
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Recounted {
                user: UserId(row.user_id),
                counted: row.counted,
                actual: row.actual,
            })
            .collect())
    }
}
