//! Passkeys, and the questions to browsers that wait for their answer.
//!
//! As in [`crate::second_factors`], whoever changes passkeys or signs in with one locks the account first.

use crate::{Database, Error, UnitOfWork};
use domain::{Passkey, PasskeyId, UserId};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

struct PasskeyRow {
    id: Uuid,
    name: String,
    last_used_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self {
            id: PasskeyId(row.id),
            name: row.name,
            last_used_at: row.last_used_at,
            created_at: row.created_at,
        }
    }
}

/// What a passkey is checked against.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredKey {
    /// The passkey.
    pub id: PasskeyId,
    /// Its public key and its counter.
    pub key: Value,
}

impl Database {
    /// Somebody's passkeys, the oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn passkeys(&self, user: UserId) -> Result<Vec<Passkey>, Error> {
        let rows = sqlx::query_as!(
            PasskeyRow,
            "SELECT id, name, last_used_at, created_at FROM passkeys
              WHERE user_id = $1 ORDER BY created_at, id",
            user.0,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Passkey::from).collect())
    }

    /// Under what authenticators know somebody's passkeys.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn credential_ids(&self, user: UserId) -> Result<Vec<Vec<u8>>, Error> {
        Ok(sqlx::query_scalar!(
            "SELECT credential_id FROM passkeys WHERE user_id = $1 ORDER BY created_at, id",
            user.0,
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Whose passkey that is.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn passkey_owner(&self, credential_id: &[u8]) -> Result<Option<UserId>, Error> {
        let owner = sqlx::query_scalar!(
            "SELECT user_id FROM passkeys WHERE credential_id = $1",
            credential_id,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(owner.map(UserId))
    }

    /// Keeps what was asked of a browser: about that account, or about whoever answers.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn insert_passkey_ceremony(
        &self,
        id: Uuid,
        user: Option<UserId>,
        state: &Value,
        expires_at: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO passkey_ceremonies (id, user_id, state, expires_at) VALUES ($1, $2, $3, $4)",
            id,
            user.map(|user| user.0),
            state,
            expires_at,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes what was asked, once, if it was asked about that account, or about nobody in particular
    /// when none is given. At once and for good: a wrong answer uses up the question, too.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn take_passkey_ceremony(
        &self,
        id: Uuid,
        user: Option<UserId>,
        now: OffsetDateTime,
    ) -> Result<Option<Value>, Error> {
        Ok(sqlx::query_scalar!(
            "DELETE FROM passkey_ceremonies
              WHERE id = $1 AND user_id IS NOT DISTINCT FROM $2 AND expires_at > $3 RETURNING state",
            id,
            user.map(|user| user.0),
            now,
        )
        .fetch_optional(&self.pool)
        .await?)
    }
}

impl UnitOfWork {
    /// Writes a new passkey.
    ///
    /// # Errors
    /// `Conflict` when somebody, whoever it is, has it already.
    pub async fn insert_passkey(
        &mut self,
        user: UserId,
        passkey: &Passkey,
        credential_id: &[u8],
        key: &Value,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO passkeys (id, user_id, credential_id, name, passkey, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            passkey.id.0,
            user.0,
            credential_id,
            passkey.name,
            key,
            passkey.created_at,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Gives one of somebody's passkeys another name; `None` when there is no such one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn rename_passkey(
        &mut self,
        user: UserId,
        id: PasskeyId,
        name: &str,
    ) -> Result<Option<Passkey>, Error> {
        let row = sqlx::query_as!(
            PasskeyRow,
            "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2
             RETURNING id, name, last_used_at, created_at",
            id.0,
            user.0,
            name,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(row.map(Passkey::from))
    }

    /// Removes one of somebody's passkeys; whether there was one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_passkey(&mut self, user: UserId, id: PasskeyId) -> Result<bool, Error> {
        let done = sqlx::query!(
            "DELETE FROM passkeys WHERE id = $1 AND user_id = $2",
            id.0,
            user.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What that passkey of somebody's is checked against.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn stored_key(
        &mut self,
        user: UserId,
        credential_id: &[u8],
    ) -> Result<Option<StoredKey>, Error> {
        let row = sqlx::query!(
            "SELECT id, passkey FROM passkeys WHERE credential_id = $1 AND user_id = $2",
            credential_id,
            user.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(row.map(|row| StoredKey {
            id: PasskeyId(row.id),
            key: row.passkey,
        }))
    }

    /// Notes that a passkey was used, and its key as it is from now on.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn note_passkey_use(
        &mut self,
        used: &StoredKey,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE passkeys SET passkey = $2, last_used_at = $3 WHERE id = $1",
            used.id.0,
            used.key,
            now,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
