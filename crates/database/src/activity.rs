//! Reading the log: an account's own entries, or everybody's, newest first, by keyset.
//!
//! What an account did and what was done to it stand in its chain, in the order of their numbers. All
//! chains together are in the order of the entries' ids. Either way a page is a stretch of an index, and
//! names are looked up for its rows alone, in the same statement.

use crate::{Database, Error};
use domain::{LoggedAct, UserId};
use time::OffsetDateTime;
use uuid::Uuid;

/// Which entries of a log are asked for.
#[derive(Clone, Copy, Debug)]
pub struct ActsWanted<'a> {
    /// Of one kind alone: the part of the event's word before the dot.
    pub kind: Option<&'a str>,
    /// Only what stands before that place.
    pub before: Option<i64>,
    /// The most that are given.
    pub limit: i64,
}

struct ActRow {
    place: i64,
    event_type: String,
    user_id: Option<Uuid>,
    subject: Option<String>,
    actor_id: Option<Uuid>,
    actor: Option<String>,
    resource_id: Option<Uuid>,
    document: Option<String>,
    address: Option<String>,
    device: Option<String>,
    request_id: Option<String>,
    note: Option<String>,
    created_at: OffsetDateTime,
}

impl From<ActRow> for LoggedAct {
    fn from(row: ActRow) -> Self {
        Self {
            place: row.place,
            event: row.event_type,
            subject: row.user_id,
            subject_handle: row.subject,
            actor: row.actor_id,
            actor_handle: row.actor,
            resource: row.resource_id,
            document_name: row.document,
            address: row.address,
            device: row.device,
            request_id: row.request_id,
            note: row.note,
            at: row.created_at,
        }
    }
}

fn acts(rows: Vec<ActRow>) -> Vec<LoggedAct> {
    rows.into_iter().map(LoggedAct::from).collect()
}

impl Database {
    /// What an account did and what was done to it. Names of documents come only for `reader`, who
    /// owns them.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn acts_of(
        &self,
        account: UserId,
        reader: Option<UserId>,
        wanted: ActsWanted<'_>,
    ) -> Result<Vec<LoggedAct>, Error> {
        let before = wanted.before.unwrap_or(i64::MAX);
        let reader = reader.map(|reader| reader.0);
        let rows = match wanted.kind {
            None => {
                sqlx::query_as!(
                    ActRow,
                    r#"SELECT l.number AS "place!", l.event_type AS "event_type!", l.user_id, s.handle AS "subject?",
                              l.actor_id, a.handle AS "actor?", l.resource_id, d.filename AS "document?",
                              host(l.ip_address) AS address, l.metadata ->> 'device' AS device, l.request_id,
                              l.metadata ->> 'note' AS note, l.created_at AS "created_at!"
                         FROM (SELECT * FROM audit_log WHERE chain = $1 AND number < $2
                                ORDER BY number DESC LIMIT $3) l
                         LEFT JOIN users s ON s.id = l.user_id
                         LEFT JOIN users a ON a.id = l.actor_id
                         LEFT JOIN documents d ON d.id = l.resource_id AND d.user_id = $4
                        ORDER BY l.number DESC"#,
                    account.0,
                    before,
                    wanted.limit,
                    reader,
                )
                .fetch_all(&self.pool)
                .await?
            }
            Some(kind) => {
                sqlx::query_as!(
                    ActRow,
                    r#"SELECT l.number AS "place!", l.event_type AS "event_type!", l.user_id, s.handle AS "subject?",
                              l.actor_id, a.handle AS "actor?", l.resource_id, d.filename AS "document?",
                              host(l.ip_address) AS address, l.metadata ->> 'device' AS device, l.request_id,
                              l.metadata ->> 'note' AS note, l.created_at AS "created_at!"
                         FROM (SELECT * FROM audit_log
                                WHERE chain = $1 AND number < $2 AND split_part(event_type, '.', 1) = $5
                                ORDER BY number DESC LIMIT $3) l
                         LEFT JOIN users s ON s.id = l.user_id
                         LEFT JOIN users a ON a.id = l.actor_id
                         LEFT JOIN documents d ON d.id = l.resource_id AND d.user_id = $4
                        ORDER BY l.number DESC"#,
                    account.0,
                    before,
                    wanted.limit,
                    reader,
                    kind,
                )
                .fetch_all(&self.pool)
                .await?
            }
        };
        Ok(acts(rows))
    }

    /// What everybody did, without the names of anybody's documents.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn acts_of_everybody(&self, wanted: ActsWanted<'_>) -> Result<Vec<LoggedAct>, Error> {
        let before = wanted.before.unwrap_or(i64::MAX);
        let rows = match wanted.kind {
            None => {
                sqlx::query_as!(
                    ActRow,
                    r#"SELECT l.id AS "place!", l.event_type AS "event_type!", l.user_id, s.handle AS "subject?",
                              l.actor_id, a.handle AS "actor?", l.resource_id, NULL::text AS document,
                              host(l.ip_address) AS address, l.metadata ->> 'device' AS device, l.request_id,
                              l.metadata ->> 'note' AS note, l.created_at AS "created_at!"
                         FROM (SELECT * FROM audit_log WHERE id < $1 ORDER BY id DESC LIMIT $2) l
                         LEFT JOIN users s ON s.id = l.user_id
                         LEFT JOIN users a ON a.id = l.actor_id
                        ORDER BY l.id DESC"#,
                    before,
                    wanted.limit,
                )
                .fetch_all(&self.pool)
                .await?
            }
            Some(kind) => {
                sqlx::query_as!(
                    ActRow,
                    r#"SELECT l.id AS "place!", l.event_type AS "event_type!", l.user_id, s.handle AS "subject?",
                              l.actor_id, a.handle AS "actor?", l.resource_id, NULL::text AS document,
                              host(l.ip_address) AS address, l.metadata ->> 'device' AS device, l.request_id,
                              l.metadata ->> 'note' AS note, l.created_at AS "created_at!"
                         FROM (SELECT * FROM audit_log WHERE id < $1 AND split_part(event_type, '.', 1) = $3
                                ORDER BY id DESC LIMIT $2) l
                         LEFT JOIN users s ON s.id = l.user_id
                         LEFT JOIN users a ON a.id = l.actor_id
                        ORDER BY l.id DESC"#,
                    before,
                    wanted.limit,
                    kind,
                )
                .fetch_all(&self.pool)
                .await?
            }
        };
        Ok(acts(rows))
    }

    /// Whose handle that is.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn account_called(&self, handle: &str) -> Result<Option<UserId>, Error> {
        let id = sqlx::query_scalar!("SELECT id FROM users WHERE handle = $1", handle)
            .fetch_optional(&self.pool)
            .await?;
        Ok(id.map(UserId))
    }
}
