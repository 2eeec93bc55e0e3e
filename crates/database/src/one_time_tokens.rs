//! Links that work once: set-up, invitation, password reset, change of address, and the step between
//! password and second factor.

use crate::{Database, Error, UnitOfWork};
use domain::{EmailAddress, Role, UserId};
use time::OffsetDateTime;
use uuid::Uuid;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Making the vault's first account.
    SetUp,
    /// Making an account that somebody was invited to.
    Invite,
    /// Choosing a new password.
    PasswordReset,
    /// Showing that an address is one's own.
    EmailChange,
    /// Going on from a right password to the second factor.
    SecondFactor,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "setup",
            Self::Invite => "invite",
            Self::PasswordReset => "password_reset",
            Self::EmailChange => "email_change",
            Self::SecondFactor => "second_factor",
        }
    }
}

/// What a link leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneTime {
    /// Whose account it concerns.
    pub user: Option<UserId>,
    /// The address that it was sent to, or that the account shall have.
    pub email: Option<EmailAddress>,
    /// What an invited person becomes.
    pub role: Option<Role>,
    /// The admin who made it for somebody else: it works only while they are one.
    pub made_by: Option<UserId>,
}

struct Row {
    user_id: Option<Uuid>,
    email: Option<String>,
    role: Option<String>,
    made_by: Option<Uuid>,
}

impl From<Row> for OneTime {
    fn from(row: Row) -> Self {
        Self {
            user: row.user_id.map(UserId),
            email: row.email.and_then(|email| EmailAddress::parse(&email).ok()),
            role: row.role.and_then(|role| Role::parse(&role)),
            made_by: row.made_by.map(UserId),
        }
    }
}

impl Database {
    /// What a link leads to that still works; looking at it does not use it up.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn one_time_token(
        &self,
        purpose: Purpose,
        hash: &[u8],
        now: OffsetDateTime,
    ) -> Result<Option<OneTime>, Error> {
        let row = sqlx::query_as!(
            Row,
            "SELECT user_id, email, role, made_by FROM one_time_tokens
              WHERE token_hash = $1 AND kind = $2 AND expires_at > $3
                AND (made_by IS NULL OR EXISTS (
                     SELECT FROM users maker WHERE maker.id = made_by AND maker.is_active AND maker.role = 'admin'))",
            hash,
            purpose.as_str(),
            now,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(OneTime::from))
    }
}

impl UnitOfWork {
    /// Writes a link. Of each account and purpose only the newest works.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn insert_one_time_token(
        &mut self,
        purpose: Purpose,
        hash: &[u8],
        leads_to: &OneTime,
        expires_at: OffsetDateTime,
    ) -> Result<(), Error> {
        // Two that are written at the same time would not see each other.
        sqlx::query!(
            "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE",
            leads_to.user.map(|id| id.0),
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "DELETE FROM one_time_tokens WHERE kind = $1 AND user_id = $2",
            purpose.as_str(),
            leads_to.user.map(|id| id.0),
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO one_time_tokens (token_hash, kind, user_id, email, role, expires_at, made_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            hash,
            purpose.as_str(),
            leads_to.user.map(|id| id.0),
            leads_to.email.as_ref().map(EmailAddress::as_str),
            leads_to.role.map(Role::as_str),
            expires_at,
            leads_to.made_by.map(|id| id.0),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Uses up a link; what it led to, or `None` when it does not work (any more).
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn take_one_time_token(
        &mut self,
        purpose: Purpose,
        hash: &[u8],
        now: OffsetDateTime,
    ) -> Result<Option<OneTime>, Error> {
        let row = sqlx::query_as!(
            Row,
            "DELETE FROM one_time_tokens WHERE token_hash = $1 AND kind = $2 AND expires_at > $3
                AND (made_by IS NULL OR EXISTS (
                     SELECT FROM users maker WHERE maker.id = made_by AND maker.is_active AND maker.role = 'admin'))
             RETURNING user_id, email, role, made_by",
            hash,
            purpose.as_str(),
            now,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(row.map(OneTime::from))
    }

    /// Removes every link of a purpose.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_one_time_tokens(&mut self, purpose: Purpose) -> Result<(), Error> {
        sqlx::query!(
            "DELETE FROM one_time_tokens WHERE kind = $1",
            purpose.as_str()
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
