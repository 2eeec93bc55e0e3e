//! Accounts as admins see and change them.

use crate::{Database, Error, UnitOfWork, ai_budget::assigned};
use domain::{
    Administered, EmailAddress, FilingRules, Handle, ManagedUser, Month, Page, PerPage, Role,
    UserId,
};
use time::OffsetDateTime;
use uuid::Uuid;

/// One of the admins who look after the vault now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveAdmin {
    /// Whose account it is.
    pub user: UserId,
    /// Whether there is anything to sign in with: a password that was chosen, or a passkey.
    pub can_sign_in: bool,
}

struct Row {
    id: Uuid,
    handle: String,
    email: String,
    role: String,
    is_active: bool,
    has_password: bool,
    totp_enabled: bool,
    passkeys: i64,
    used_bytes: i64,
    limit_bytes: i64,
    ai_provider: Option<String>,
    ai_model: Option<String>,
    ai_local_only: bool,
    ai_monthly_tokens: Option<i64>,
    used_tokens: i64,
    created_at: OffsetDateTime,
    last_seen_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for ManagedUser {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let corrupt = |column| Error::Corrupt {
            table: "users",
            column,
            id: row.id,
        };
        Ok(Self {
            id: UserId(row.id),
            handle: Handle::parse(&row.handle).map_err(|_| corrupt("handle"))?,
            email: EmailAddress::parse(&row.email).map_err(|_| corrupt("email"))?,
            role: Role::parse(&row.role).ok_or_else(|| corrupt("role"))?,
            is_active: row.is_active,
            has_password: row.has_password,
            totp_enabled: row.totp_enabled,
            passkeys: row.passkeys,
            used_bytes: row.used_bytes,
            limit_bytes: row.limit_bytes,
            filing: FilingRules {
                assigned: assigned(row.ai_provider.as_deref(), row.ai_model),
                local_only: row.ai_local_only,
                monthly_tokens: row.ai_monthly_tokens,
            },
            used_tokens: row.used_tokens,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
        })
    }
}

/// `search` as a pattern that stands for itself, anywhere in a text.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in search.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl Database {
    /// One page of the accounts whose handle or address holds `search`, by handle, and how many there
    /// are on all pages.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn managed_users(
        &self,
        search: &str,
        (page, per_page): (Page, PerPage),
        month: Month,
    ) -> Result<(Vec<ManagedUser>, i64), Error> {
        let pattern = pattern(search);
        let limit = (i64::from(per_page.get()), page.offset(per_page));
        let users = self.managed(None, &pattern, limit, month).await?;
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "total!" FROM users WHERE handle LIKE $1 OR email LIKE $1"#,
            pattern,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((users, total))
    }

    /// An account.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn managed_user(
        &self,
        user: UserId,
        month: Month,
    ) -> Result<Option<ManagedUser>, Error> {
        let mut users = self.managed(Some(user), "%", (1, 0), month).await?;
        Ok(users.pop())
    }

    /// The rows are chosen first, and only then is it looked up what belongs to them.
    async fn managed(
        &self,
        only: Option<UserId>,
        pattern: &str,
        (limit, offset): (i64, i64),
        month: Month,
    ) -> Result<Vec<ManagedUser>, Error> {
        let rows = sqlx::query_as!(
            Row,
            r#"
            WITH page AS MATERIALIZED (
                SELECT * FROM users
                 WHERE ($1::uuid IS NULL OR id = $1) AND (handle LIKE $2 OR email LIKE $2)
                 ORDER BY handle LIMIT $3 OFFSET $4
            ), uses AS (
                SELECT user_id, last_used_at FROM sessions WHERE user_id IN (SELECT id FROM page)
                UNION ALL
                SELECT user_id, last_used_at FROM api_tokens WHERE user_id IN (SELECT id FROM page)
            ), seen AS (
                SELECT user_id, max(last_used_at) AS at FROM uses GROUP BY user_id
            ), keys AS (
                SELECT user_id, count(*) AS number FROM passkeys
                 WHERE user_id IN (SELECT id FROM page) GROUP BY user_id
            )
            SELECT page.id AS "id!", page.handle AS "handle!", page.email AS "email!", page.role AS "role!",
                   page.is_active AS "is_active!", page.password_hash IS NOT NULL AS "has_password!",
                   page.totp_enabled AS "totp_enabled!", COALESCE(keys.number, 0) AS "passkeys!",
                   q.used_bytes, q.limit_bytes, page.ai_provider AS "ai_provider?", page.ai_model AS "ai_model?",
                   page.ai_local_only AS "ai_local_only!", page.ai_monthly_tokens AS "ai_monthly_tokens?",
                   COALESCE(a.tokens, 0) AS "used_tokens!", page.created_at AS "created_at!",
                   seen.at AS "last_seen_at?"
              FROM page
              JOIN quotas q ON q.user_id = page.id
              LEFT JOIN ai_usage a ON a.user_id = page.id AND a.month = $5
              LEFT JOIN seen ON seen.user_id = page.id
              LEFT JOIN keys ON keys.user_id = page.id
             ORDER BY page.handle
            "#,
            only.map(|id| id.0),
            pattern,
            limit,
            offset,
            month.first_day(),
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ManagedUser::try_from).collect()
    }
}

impl UnitOfWork {
    /// The admins who look after the vault now. Their rows are locked until the unit of work ends: of
    /// several admins who change accounts at the same time, each sees what the one before did.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn lock_admins(&mut self) -> Result<Vec<ActiveAdmin>, Error> {
        let rows = sqlx::query!(
            r#"
            SELECT u.id, (u.password_hash IS NOT NULL
                          OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id)) AS "can_sign_in!"
              FROM users u
             WHERE u.role = 'admin' AND u.is_active AND u.set_up_at IS NOT NULL
             ORDER BY u.id FOR NO KEY UPDATE OF u
            "#
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let admin = |id, can_sign_in| ActiveAdmin {
            user: UserId(id),
            can_sign_in,
        };
        Ok(rows
            .into_iter()
            .map(|row| admin(row.id, row.can_sign_in))
            .collect())
    }

    /// What an admin may change of an account, as it is now; the account is locked.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn lock_administered(&mut self, user: UserId) -> Result<Option<Administered>, Error> {
        let row = sqlx::query!(
            "SELECT u.role, u.is_active, u.ai_provider, u.ai_model, u.ai_monthly_tokens, q.limit_bytes
               FROM users u JOIN quotas q ON q.user_id = u.id
              WHERE u.id = $1 FOR NO KEY UPDATE OF u",
            user.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        row.map(|row| {
            Ok(Administered {
                role: Role::parse(&row.role).ok_or(Error::Corrupt {
                    table: "users",
                    column: "role",
                    id: user.0,
                })?,
                is_active: row.is_active,
                limit_bytes: row.limit_bytes,
                assigned: assigned(row.ai_provider.as_deref(), row.ai_model),
                monthly_tokens: row.ai_monthly_tokens,
            })
        })
        .transpose()
    }

    /// Writes what an admin changed of an account, but for its quota.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn administer(&mut self, user: UserId, to: &Administered) -> Result<(), Error> {
        let assigned = to.assigned.as_ref();
        sqlx::query!(
            "UPDATE users SET role = $2, is_active = $3, ai_provider = $4, ai_model = $5, ai_monthly_tokens = $6
              WHERE id = $1",
            user.0,
            to.role.as_str(),
            to.is_active,
            assigned.map(|assigned| assigned.provider.as_str()),
            assigned.and_then(|assigned| assigned.model.as_deref()),
            to.monthly_tokens,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_is_searched_stands_for_itself() {
        assert_eq!(pattern("Ada"), "%ada%");
        assert_eq!(pattern(r"50%_\"), r"%50\%\_\\%");
        assert_eq!(pattern(""), "%%");
    }
}
