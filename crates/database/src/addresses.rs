//! The addresses of accounts, and the links that were sent to them.

use crate::{Database, Error, UnitOfWork};
use domain::{EmailAddress, UserId};
use time::OffsetDateTime;

impl Database {
    /// Whether somebody has that address.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn has_email(&self, email: &EmailAddress) -> Result<bool, Error> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM users WHERE email = $1) AS "any!""#,
            email.as_str(),
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// The address that somebody's account gets once it is confirmed.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn pending_email(
        &self,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<Option<EmailAddress>, Error> {
        let email = sqlx::query_scalar!(
            r#"SELECT email AS "email!" FROM one_time_tokens
                WHERE kind = 'email_change' AND user_id = $1 AND email IS NOT NULL AND expires_at > $2"#,
            user.0,
            now,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(email.and_then(|email| EmailAddress::parse(&email).ok()))
    }
}

impl UnitOfWork {
    /// Gives an account another address.
    ///
    /// # Errors
    /// `Conflict` with `users_email_key` when another account has it.
    pub async fn set_email(&mut self, user: UserId, email: &EmailAddress) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE users SET email = $2 WHERE id = $1",
            user.0,
            email.as_str(),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Forgets the address that waits to be confirmed; whether there was one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_pending_email(&mut self, user: UserId) -> Result<bool, Error> {
        let done = sqlx::query!(
            "DELETE FROM one_time_tokens WHERE kind = 'email_change' AND user_id = $1",
            user.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends every link and every sign-in half done of somebody's account.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_links_of(&mut self, user: UserId) -> Result<(), Error> {
        sqlx::query!("DELETE FROM one_time_tokens WHERE user_id = $1", user.0)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}
