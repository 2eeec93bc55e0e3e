//! Personal tokens for programs.

use crate::{Database, Error, UnitOfWork, sessions::SignedIn};
use domain::{ApiToken, ApiTokenId, Scope, SignIn, UserId};
use time::OffsetDateTime;

impl Database {
    /// Who is behind a token that is still good.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn api_token_identity(
        &self,
        hash: &[u8],
        now: OffsetDateTime,
    ) -> Result<Option<SignedIn>, Error> {
        sqlx::query!(
            "SELECT t.id, t.scope, t.last_used_at, u.id AS user_id, u.role
               FROM api_tokens t JOIN users u ON u.id = t.user_id
              WHERE t.token_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $2) AND u.is_active",
            hash,
            now,
        )
        .fetch_optional(&self.pool)
        .await?
        .map(|row| {
            let scope = Scope::parse(&row.scope).ok_or(Error::Corrupt {
                table: "api_tokens",
                column: "scope",
                id: row.id,
            })?;
            let sign_in = (SignIn::ApiToken(ApiTokenId(row.id)), scope);
            SignedIn::new((row.user_id, &row.role), sign_in, row.last_used_at, now)
        })
        .transpose()
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn note_api_token_use(
        &self,
        id: ApiTokenId,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1",
            id.0,
            now
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Somebody's tokens, the newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn api_tokens(&self, user: UserId) -> Result<Vec<ApiToken>, Error> {
        let rows = sqlx::query!(
            "SELECT id, name, hint, scope, expires_at, last_used_at, created_at
               FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC, id",
            user.0,
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ApiToken {
                    id: ApiTokenId(row.id),
                    name: row.name,
                    hint: row.hint,
                    scope: Scope::parse(&row.scope).ok_or(Error::Corrupt {
                        table: "api_tokens",
                        column: "scope",
                        id: row.id,
                    })?,
                    expires_at: row.expires_at,
                    last_used_at: row.last_used_at,
                    created_at: row.created_at,
                })
            })
            .collect()
    }
}

impl UnitOfWork {
    /// Writes a new token, unless its owner has `most` already; whether it was written.
    ///
    /// # Errors
    /// `Conflict` when another of the owner's tokens has that name.
    pub async fn insert_api_token(
        &mut self,
        user: UserId,
        token: &ApiToken,
        hash: &[u8],
        most: i64,
    ) -> Result<bool, Error> {
        let done = sqlx::query!(
            "INSERT INTO api_tokens (id, user_id, name, token_hash, hint, scope, expires_at, created_at)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8
              WHERE (SELECT count(*) FROM api_tokens WHERE user_id = $2) < $9",
            token.id.0,
            user.0,
            token.name,
            hash,
            token.hint,
            token.scope.as_str(),
            token.expires_at,
            token.created_at,
            most,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes one of somebody's tokens; whether there was one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_api_token(&mut self, user: UserId, id: ApiTokenId) -> Result<bool, Error> {
        let done = sqlx::query!(
            "DELETE FROM api_tokens WHERE id = $1 AND user_id = $2",
            id.0,
            user.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes all of somebody's tokens.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_api_tokens(&mut self, user: UserId) -> Result<(), Error> {
        sqlx::query!("DELETE FROM api_tokens WHERE user_id = $1", user.0)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}
