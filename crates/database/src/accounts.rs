//! Accounts.

use crate::{Database, Error, UnitOfWork};
use domain::{EmailAddress, Handle, Role, User, UserId};
use time::OffsetDateTime;
use uuid::Uuid;

/// A new account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// What others will know it by.
    pub handle: Handle,
    /// Where its mail goes.
    pub email: EmailAddress,
    /// Argon2id, as a PHC string; `None` until its owner has chosen a password.
    pub password_hash: Option<String>,
    /// What it is in the vault.
    pub role: Role,
    /// How many bytes its documents may take.
    pub limit_bytes: i64,
}

/// What a sign-in is checked against.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Whose they are.
    pub user: UserId,
    /// Argon2id, as a PHC string; `None` for an account without a password.
    pub password_hash: Option<String>,
    /// Whether the account may sign in.
    pub is_active: bool,
}

struct UserRow {
    id: Uuid,
    handle: String,
    email: String,
    role: String,
    is_active: bool,
    totp_enabled: bool,
    used_bytes: i64,
    limit_bytes: i64,
    created_at: OffsetDateTime,
}

impl TryFrom<UserRow> for User {
    type Error = Error;

    fn try_from(row: UserRow) -> Result<Self, Error> {
        let id = row.id;
        let corrupt = |column| Error::Corrupt {
            table: "users",
            column,
            id,
        };
        Ok(Self {
            id: UserId(id),
            handle: Handle::parse(&row.handle).map_err(|_| corrupt("handle"))?,
            email: EmailAddress::parse(&row.email).map_err(|_| corrupt("email"))?,
            role: Role::parse(&row.role).ok_or_else(|| corrupt("role"))?,
            is_active: row.is_active,
            totp_enabled: row.totp_enabled,
            used_bytes: row.used_bytes,
            limit_bytes: row.limit_bytes,
            created_at: row.created_at,
        })
    }
}

impl Database {
    /// An account.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        sqlx::query_as!(
            UserRow,
            "SELECT u.id, u.handle, u.email, u.role, u.is_active, u.totp_enabled, q.used_bytes, q.limit_bytes, u.created_at
               FROM users u JOIN quotas q ON q.user_id = u.id WHERE u.id = $1",
            id.0,
        )
        .fetch_optional(&self.pool)
        .await?
        .map(User::try_from)
        .transpose()
    }

    /// What a sign-in under that handle or address is checked against.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn credentials(&self, handle_or_email: &str) -> Result<Option<Credentials>, Error> {
        let row = sqlx::query!(
            "SELECT id, password_hash, is_active FROM users
              WHERE (handle = $1 OR email = $1) AND set_up_at IS NOT NULL",
            handle_or_email,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Credentials {
            user: UserId(row.id),
            password_hash: row.password_hash,
            is_active: row.is_active,
        }))
    }

    /// The same, of that account.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn credentials_of(&self, user: UserId) -> Result<Option<Credentials>, Error> {
        let row = sqlx::query!(
            "SELECT id, password_hash, is_active FROM users WHERE id = $1",
            user.0,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Credentials {
            user: UserId(row.id),
            password_hash: row.password_hash,
            is_active: row.is_active,
        }))
    }

    /// Whether anybody's account has been set up yet.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn has_accounts(&self) -> Result<bool, Error> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM users WHERE set_up_at IS NOT NULL) AS "any!""#
        )
        .fetch_one(&self.pool)
        .await?)
    }
}

impl UnitOfWork {
    /// Writes a new account with its quota.
    ///
    /// # Errors
    /// `Conflict` with `users_handle_key` or `users_email_key` when another account has it.
    pub async fn insert_user(&mut self, new: &NewUser) -> Result<(), Error> {
        sqlx::query!(
            "WITH account AS (
                 INSERT INTO users (id, handle, email, password_hash, role, set_up_at)
                 VALUES ($1, $2, $3, $4, $5, now()) RETURNING id
             )
             INSERT INTO quotas (user_id, limit_bytes) SELECT id, $6 FROM account",
            new.id.0,
            new.handle.as_str(),
            new.email.as_str(),
            new.password_hash,
            new.role.as_str(),
            new.limit_bytes,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Gives the account that waits for its owner (made by migration 0005) to that person; `None` when
    /// there is none.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn claim_waiting_account(&mut self, new: &NewUser) -> Result<Option<UserId>, Error> {
        let id = sqlx::query_scalar!(
            "UPDATE users SET handle = $1, email = $2, password_hash = $3, set_up_at = now()
              WHERE set_up_at IS NULL AND role = 'admin' RETURNING id",
            new.handle.as_str(),
            new.email.as_str(),
            new.password_hash,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(id.map(UserId))
    }

    /// Lets one set-up at a time look whether the vault has accounts, until the unit of work ends.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn lock_set_up(&mut self) -> Result<bool, Error> {
        sqlx::query!("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut *self.transaction)
            .await?;
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM users WHERE set_up_at IS NOT NULL) AS "any!""#
        )
        .fetch_one(&mut *self.transaction)
        .await?)
    }

    /// Whether this is (still) the hash of an account's password.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn has_password(&mut self, user: UserId, hash: &str) -> Result<bool, Error> {
        let same = sqlx::query_scalar!(
            r#"SELECT password_hash = $2 AS same FROM users WHERE id = $1"#,
            user.0,
            hash,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(same.flatten().unwrap_or_default())
    }

    /// Sets an account's password. What was begun with the one before and is not done is over: an
    /// authenticator app or a passkey that is being added.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn set_password(&mut self, user: UserId, hash: &str) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE users SET password_hash = $2,
                    totp_secret = CASE WHEN totp_enabled THEN totp_secret END
              WHERE id = $1",
            user.0,
            hash
        )
        .execute(&mut *self.transaction)
        .await?;
        self.delete_passkey_ceremonies(user).await
    }

    /// Removes an account with everything that is its own, and notes its objects for deletion.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn delete_user(&mut self, user: UserId) -> Result<(), Error> {
        // The quota, then documents: as uploads and deletions take them. From here on nothing is uploaded.
        self.lock_quota(user).await?;
        sqlx::query!(
            "SELECT id FROM documents WHERE user_id = $1 ORDER BY id FOR UPDATE",
            user.0
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO object_deletions (object_key)
             SELECT key FROM documents, LATERAL (VALUES (object_key), (thumbnail_key)) AS keys (key)
              WHERE user_id = $1 AND key IS NOT NULL
             ON CONFLICT DO NOTHING",
            user.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!("DELETE FROM users WHERE id = $1", user.0)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}
