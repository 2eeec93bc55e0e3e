//! Sessions and the refresh tokens that keep them going.

use crate::{Database, Error, UnitOfWork};
use domain::{Identity, Role, Scope, Session, SessionId, SignIn, UserId};
use std::net::IpAddr;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How often it is worth writing down that a session or token was used.
const SEEN_EVERY: Duration = Duration::minutes(1);

/// Who is behind a sign-in, and whether it should be noted that it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub identity: Identity,
    /// Whether the last note of its use is old.
    pub note_use: bool,
}

impl SignedIn {
    pub(crate) fn new(
        (user, role): (Uuid, &str),
        (sign_in, scope): (SignIn, Scope),
        last_used_at: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Result<Self, Error> {
        Ok(Self {
            identity: Identity {
                user: UserId(user),
                role: Role::parse(role).ok_or(Error::Corrupt {
                    table: "users",
                    column: "role",
                    id: user,
                })?,
                scope,
                sign_in,
            },
            note_use: last_used_at.is_none_or(|last| now - last > SEEN_EVERY),
        })
    }
}

/// A new session, with its first refresh token.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// What the client calls itself.
    pub device: &'a str,
    /// Where it was begun.
    pub address: Option<IpAddr>,
    /// Until when it can be kept going.
    pub expires_at: OffsetDateTime,
}

/// What became of a refresh token that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchanged {
    /// It was good: the session goes on.
    Good(SessionId, UserId),
    /// It had been exchanged long before: somebody copied it. The session has been ended.
    Reused(SessionId, UserId),
    /// It is unknown, too old, or its session or account has ended.
    Refused,
}

impl Database {
    /// Who is behind a session that is still good.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn session_identity(
        &self,
        session: SessionId,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<Option<SignedIn>, Error> {
        sqlx::query!(
            "SELECT u.id, u.role, s.last_used_at
               FROM sessions s JOIN users u ON u.id = s.user_id
              WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3 AND u.is_active",
            session.0,
            user.0,
            now,
        )
        .fetch_optional(&self.pool)
        .await?
        .map(|row| {
            let sign_in = (SignIn::Session(session), Scope::Admin);
            SignedIn::new((row.id, &row.role), sign_in, Some(row.last_used_at), now)
        })
        .transpose()
    }

    /// Who is behind a refresh token that could be exchanged now; it is left as it is.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn refresh_token_identity(
        &self,
        hash: &[u8],
        now: OffsetDateTime,
        grace: Duration,
    ) -> Result<Option<SignedIn>, Error> {
        sqlx::query!(
            "SELECT s.id AS session, u.id, u.role, s.last_used_at
               FROM refresh_tokens t
               JOIN sessions s ON s.id = t.session_id
               JOIN users u ON u.id = t.user_id
              WHERE t.token_hash = $1 AND t.expires_at > $2 AND NOT t.revoked
                AND (t.used_at IS NULL OR t.used_at >= $3)
                AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.is_active",
            hash,
            now,
            now - grace,
        )
        .fetch_optional(&self.pool)
        .await?
        .map(|row| {
            let sign_in = (SignIn::Session(SessionId(row.session)), Scope::Admin);
            SignedIn::new((row.id, &row.role), sign_in, Some(row.last_used_at), now)
        })
        .transpose()
    }

    /// Whether what somebody signed in with is still good.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn is_signed_in(
        &self,
        identity: &Identity,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let id = match identity.sign_in {
            SignIn::Session(id) => id.0,
            SignIn::ApiToken(id) => id.0,
        };
        Ok(sqlx::query_scalar!(
            r#"
            SELECT EXISTS (
                SELECT FROM users u
                 WHERE u.id = $1 AND u.is_active AND (
                       EXISTS (SELECT FROM sessions s
                                WHERE s.id = $2 AND s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > $3)
                    OR EXISTS (SELECT FROM api_tokens t
                                WHERE t.id = $2 AND t.user_id = u.id AND (t.expires_at IS NULL OR t.expires_at > $3)))
            ) AS "good!"
            "#,
            identity.user.0,
            id,
            now,
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// Notes that a session was used, and from where.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn note_session_use(
        &self,
        session: SessionId,
        address: Option<IpAddr>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE sessions SET last_used_at = $3, ip_address = COALESCE($2::text::inet, ip_address) WHERE id = $1",
            session.0,
            address.map(|address| address.to_string()),
            now,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Where somebody is signed in, the last used first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn sessions(&self, user: UserId, now: OffsetDateTime) -> Result<Vec<Session>, Error> {
        let rows = sqlx::query!(
            "SELECT id, device, host(ip_address) AS address, created_at, last_used_at
               FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
              ORDER BY last_used_at DESC, id LIMIT 200",
            user.0,
            now,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Session {
                id: SessionId(row.id),
                device: row.device,
                address: row.address.and_then(|address| address.parse().ok()),
                created_at: row.created_at,
                last_used_at: row.last_used_at,
            })
            .collect())
    }

    /// Removes what nobody can sign in with any more: sessions long ended, tokens out of date.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn forget_old_sign_ins(&self, now: OffsetDateTime) -> Result<(), Error> {
        let long_ago = now - Duration::days(30);
        sqlx::query!(
            "DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1",
            long_ago,
        )
        .execute(&self.pool)
        .await?;
        sqlx::query!("DELETE FROM refresh_tokens WHERE expires_at < $1", now)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM one_time_tokens WHERE expires_at < $1", now)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM passkey_ceremonies WHERE expires_at < $1", now)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

impl UnitOfWork {
    /// Begins a session.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn insert_session(&mut self, new: &NewSession<'_>) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO sessions (id, user_id, device, ip_address, expires_at) VALUES ($1, $2, $3, $4::text::inet, $5)",
            new.id.0,
            new.user.0,
            new.device,
            new.address.map(|address| address.to_string()),
            new.expires_at,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Adds a refresh token to a session.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn insert_refresh_token(
        &mut self,
        id: Uuid,
        session: SessionId,
        user: UserId,
        hash: &[u8],
        expires_at: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO refresh_tokens (id, user_id, session_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)",
            id,
            user.0,
            session.0,
            hash,
            expires_at,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Takes a refresh token in exchange for the next. A second exchange within `grace` is two tabs that
    /// ask at the same time; a later one is a copy, and ends the session.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn exchange_refresh_token(
        &mut self,
        hash: &[u8],
        now: OffsetDateTime,
        grace: Duration,
    ) -> Result<Exchanged, Error> {
        let found = sqlx::query!(
            "SELECT t.id, t.user_id, t.session_id, t.used_at
               FROM refresh_tokens t
               JOIN sessions s ON s.id = t.session_id
               JOIN users u ON u.id = t.user_id
              WHERE t.token_hash = $1 AND t.expires_at > $2 AND NOT t.revoked
                AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.is_active
                FOR UPDATE OF t",
            hash,
            now,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        let Some(token) = found else {
            return Ok(Exchanged::Refused);
        };
        let (session, user) = (SessionId(token.session_id), UserId(token.user_id));
        if token.used_at.is_some_and(|used| now - used > grace) {
            self.revoke_session(user, session, now).await?;
            return Ok(Exchanged::Reused(session, user));
        }
        sqlx::query!(
            "UPDATE refresh_tokens SET used_at = COALESCE(used_at, $2) WHERE id = $1",
            token.id,
            now,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(Exchanged::Good(session, user))
    }

    /// Ends one of somebody's sessions; whether it was there and going on.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn revoke_session(
        &mut self,
        user: UserId,
        session: SessionId,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let done = sqlx::query!(
            "WITH ended AS (
                 UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING id
             ), revoked AS (
                 UPDATE refresh_tokens SET revoked = true FROM ended WHERE session_id = ended.id
             )
             SELECT id FROM ended",
            session.0,
            user.0,
            now,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(done.is_some())
    }

    /// Ends all of somebody's sessions, or all but one. With them go sign-ins that wait for a second
    /// factor: their password may be the one that was changed just now.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn revoke_sessions(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        sqlx::query!(
            "WITH ended AS (
                 UPDATE sessions SET revoked_at = $3
                  WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2 RETURNING id
             ), pending AS (
                 DELETE FROM one_time_tokens WHERE user_id = $1 AND kind = 'second_factor'
             )
             UPDATE refresh_tokens SET revoked = true FROM ended WHERE session_id = ended.id",
            user.0,
            except.map(|id| id.0),
            now,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
