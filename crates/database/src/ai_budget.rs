//! How many tokens providers were sent by month.

use crate::{Database, Error, UnitOfWork};
use domain::{AssignedProvider, Month, ProviderName, UserId};

/// How much a provider was used in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderUsage {
    /// Which.
    pub provider: ProviderName,
    /// How many documents it was asked about.
    pub calls: i64,
    /// The tokens that it told of.
    pub tokens: i64,
}

/// The provider and the model of an account's row.
pub(crate) fn assigned(provider: Option<&str>, model: Option<String>) -> Option<AssignedProvider> {
    let provider = ProviderName::parse(provider?)?;
    Some(AssignedProvider { provider, model })
}

impl Database {
    /// Sets tokens of a month's budget aside, unless that is more than is left; whether it was done.
    /// One statement: of several at once no more are let through than the budget holds.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn reserve_tokens(
        &self,
        owner: UserId,
        month: Month,
        tokens: i64,
    ) -> Result<bool, Error> {
        let reserved = sqlx::query_scalar!(
            r#"
            INSERT INTO ai_usage AS u (user_id, month, tokens)
            SELECT id, $2, $3 FROM users
             WHERE id = $1 AND is_active AND NOT ai_local_only AND (ai_monthly_tokens IS NULL OR $3 <= ai_monthly_tokens)
            ON CONFLICT (user_id, month) DO UPDATE SET tokens = u.tokens + EXCLUDED.tokens
             WHERE NOT EXISTS (SELECT FROM users
                                WHERE id = u.user_id AND u.tokens + EXCLUDED.tokens > ai_monthly_tokens)
            RETURNING tokens
            "#,
            owner.0,
            month.first_day(),
            tokens,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(reserved.is_some())
    }

    /// Counts a call of a provider, with the tokens that it told of.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn count_call(
        &self,
        owner: UserId,
        month: Month,
        provider: ProviderName,
        tokens: i64,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO ai_provider_usage AS u (user_id, month, provider, calls, tokens)
             SELECT id, $2, $3, 1, $4 FROM users WHERE id = $1
             ON CONFLICT (user_id, month, provider) DO UPDATE
                SET calls = u.calls + 1, tokens = u.tokens + EXCLUDED.tokens",
            owner.0,
            month.first_day(),
            provider.as_str(),
            tokens,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// An owner's calls and tokens of a month, of those providers that were called.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn provider_usage(
        &self,
        owner: UserId,
        month: Month,
    ) -> Result<Vec<ProviderUsage>, Error> {
        let rows = sqlx::query!(
            "SELECT provider, calls, tokens FROM ai_provider_usage WHERE user_id = $1 AND month = $2",
            owner.0,
            month.first_day(),
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                Some(ProviderUsage {
                    provider: ProviderName::parse(&row.provider)?,
                    calls: row.calls,
                    tokens: row.tokens,
                })
            })
            .collect())
    }

    /// Corrects a month's count by so many tokens, up or down.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn correct_tokens(
        &self,
        owner: UserId,
        month: Month,
        difference: i64,
    ) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE ai_usage SET tokens = greatest(tokens + $3, 0) WHERE user_id = $1 AND month = $2",
            owner.0,
            month.first_day(),
            difference,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

impl UnitOfWork {
    /// Notes whether an owner's texts may go to the built-in provider only.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn set_local_only(&mut self, owner: UserId, local_only: bool) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE users SET ai_local_only = $2 WHERE id = $1",
            owner.0,
            local_only,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
