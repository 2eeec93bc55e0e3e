//! What somebody shows besides the password: an authenticator app, passkeys, recovery codes.
//!
//! Who changes any of it, or signs in, first locks the account's row ([`UnitOfWork::lock_second_factors`]),
//! and only then its other rows: what happens at once happens one after the other, and in one order.

use crate::{Database, Error, UnitOfWork};
use domain::UserId;
use time::OffsetDateTime;

/// The secret of an authenticator app, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTotp {
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// Whether its codes are asked for. Until its owner has shown a first code they are not.
    pub enabled: bool,
    /// The last time step whose code was used.
    pub last_step: Option<i64>,
}

/// What an account can show besides its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactors {
    /// The authenticator app.
    pub totp: Option<StoredTotp>,
    /// How many passkeys there are.
    pub passkeys: i64,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

impl SecondFactors {
    /// Whether codes of an authenticator app are asked for.
    pub fn has_totp(&self) -> bool {
        self.totp.as_ref().is_some_and(|totp| totp.enabled)
    }

    /// Whether signing in takes more than the password. Recovery codes alone stand for nothing.
    pub fn any(&self) -> bool {
        self.has_totp() || self.passkeys > 0
    }
}

struct TotpRow {
    totp_secret: Option<Vec<u8>>,
    totp_enabled: bool,
    totp_last_step: Option<i64>,
}

impl TotpRow {
    fn stored(self) -> Option<StoredTotp> {
        self.totp_secret.map(|sealed| StoredTotp {
            sealed,
            enabled: self.totp_enabled,
            last_step: self.totp_last_step,
        })
    }
}

impl Database {
    /// What an account can show besides its password.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn second_factors(&self, user: UserId) -> Result<Option<SecondFactors>, Error> {
        let row = sqlx::query!(
            r#"
            SELECT totp_secret, totp_enabled, totp_last_step,
                   (SELECT count(*) FROM passkeys WHERE user_id = u.id) AS "passkeys!",
                   (SELECT count(*) FROM recovery_codes WHERE user_id = u.id) AS "recovery_codes!"
              FROM users u WHERE id = $1
            "#,
            user.0,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| SecondFactors {
            totp: TotpRow {
                totp_secret: row.totp_secret,
                totp_enabled: row.totp_enabled,
                totp_last_step: row.totp_last_step,
            }
            .stored(),
            passkeys: row.passkeys,
            recovery_codes: row.recovery_codes,
        }))
    }
}

impl UnitOfWork {
    /// Locks an account until the unit of work ends, and gives what it can show besides its password;
    /// `None` when it may not sign in (any more).
    ///
    /// # Errors
    /// When a query fails.
    pub async fn lock_second_factors(
        &mut self,
        user: UserId,
    ) -> Result<Option<SecondFactors>, Error> {
        let account = sqlx::query_as!(
            TotpRow,
            "SELECT totp_secret, totp_enabled, totp_last_step FROM users
              WHERE id = $1 AND is_active AND set_up_at IS NOT NULL FOR NO KEY UPDATE",
            user.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        let Some(account) = account else {
            return Ok(None);
        };
        // A statement of its own: it sees what was done while this one waited for the lock.
        let counts = sqlx::query!(
            r#"
            SELECT (SELECT count(*) FROM passkeys WHERE user_id = $1) AS "passkeys!",
                   (SELECT count(*) FROM recovery_codes WHERE user_id = $1) AS "recovery_codes!"
            "#,
            user.0,
        )
        .fetch_one(&mut *self.transaction)
        .await?;
        Ok(Some(SecondFactors {
            totp: account.stored(),
            passkeys: counts.passkeys,
            recovery_codes: counts.recovery_codes,
        }))
    }

    /// Keeps that a right password was given, under the token with which its owner goes on. Others of
    /// the account stay: somebody else who knows the password can't keep the owner from going on.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn insert_pending_sign_in(
        &mut self,
        user: UserId,
        hash: &[u8],
        expires_at: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO one_time_tokens (token_hash, kind, user_id, expires_at)
             VALUES ($1, 'second_factor', $2, $3)",
            hash,
            user.0,
            expires_at,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Keeps an authenticator app's new secret, whose codes are not asked for yet. Whether it was kept:
    /// not where an app is on already.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn begin_totp(&mut self, user: UserId, sealed: &[u8]) -> Result<bool, Error> {
        let done = sqlx::query!(
            "UPDATE users SET totp_secret = $2, totp_last_step = NULL WHERE id = $1 AND NOT totp_enabled",
            user.0,
            sealed,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// From now on codes of the secret that was kept are asked for. The step is that of the first.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn enable_totp(&mut self, user: UserId, step: i64) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE users SET totp_enabled = true, totp_last_step = $2 WHERE id = $1",
            user.0,
            step,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Uses up a code: that of this time step and of all before. Whether it was still good.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn use_totp_step(&mut self, user: UserId, step: i64) -> Result<bool, Error> {
        let done = sqlx::query!(
            "UPDATE users SET totp_last_step = $2
              WHERE id = $1 AND totp_enabled AND (totp_last_step IS NULL OR totp_last_step < $2)",
            user.0,
            step,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets an authenticator app.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_totp(&mut self, user: UserId) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE users SET totp_enabled = false, totp_secret = NULL, totp_last_step = NULL WHERE id = $1",
            user.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Adds recovery codes.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn insert_recovery_codes(
        &mut self,
        user: UserId,
        hashes: &[Vec<u8>],
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])",
            user.0,
            hashes,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Uses up a recovery code; whether there was one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn use_recovery_code(&mut self, user: UserId, hash: &[u8]) -> Result<bool, Error> {
        let done = sqlx::query!(
            "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2",
            user.0,
            hash,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets all of an account's recovery codes.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_recovery_codes(&mut self, user: UserId) -> Result<(), Error> {
        sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1", user.0)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Forgets everything but the password: authenticator app, passkeys, recovery codes.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn delete_second_factors(&mut self, user: UserId) -> Result<(), Error> {
        self.delete_totp(user).await?;
        self.delete_recovery_codes(user).await?;
        sqlx::query!("DELETE FROM passkeys WHERE user_id = $1", user.0)
            .execute(&mut *self.transaction)
            .await?;
        self.delete_passkey_ceremonies(user).await
    }

    /// Ends what was begun with an account's passkeys and is not done.
    ///
    /// # Errors
    /// When the statement fails.
    pub(crate) async fn delete_passkey_ceremonies(&mut self, user: UserId) -> Result<(), Error> {
        sqlx::query!("DELETE FROM passkey_ceremonies WHERE user_id = $1", user.0)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}
