//! The look whether every document's bytes are in the store and whole: how far it has come, and what it
//! found. Several processes may want to go on with it; the fence lets one.

use crate::{Database, Error, UnitOfWork};
use domain::{DocumentId, Finding, FindingKind, Scrub, Sha256};
use std::time::Duration;
use uuid::Uuid;

/// How many are kept to be looked back at.
const KEPT: i64 = 20;

/// A scrub that this process goes on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldScrub {
    /// Which.
    pub id: Uuid,
    /// Higher than that of every holder before.
    pub fence: i64,
    /// The last document that was looked at.
    pub after: Option<DocumentId>,
}

/// A document whose bytes are to be looked at.
#[derive(Clone, Debug)]
pub struct ToScrub {
    /// Which.
    pub id: DocumentId,
    /// Where its bytes are.
    pub object_key: String,
    /// Where the picture of its first page is, when there is one.
    pub thumbnail_key: Option<String>,
    /// How many bytes there must be.
    pub size_bytes: i64,
    /// Their digest.
    pub sha256: Option<Sha256>,
}

/// How far a scrub came in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrubProgress {
    /// The last document that was looked at.
    pub after: Option<DocumentId>,
    /// How many documents.
    pub documents: i64,
    /// How many bytes.
    pub bytes: i64,
    /// How many objects of the store.
    pub objects: i64,
    /// Whether it is done.
    pub finished: bool,
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

impl UnitOfWork {
    /// Begins a scrub, unless one is under way or began within that time; whether it did. Of the old
    /// ones the last few stay.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn begin_scrub(&mut self, id: Uuid, within: Duration) -> Result<bool, Error> {
        // One at a time: two that ask at once begin one.
        sqlx::query!("LOCK TABLE scrubs IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut *self.transaction)
            .await?;
        let begun = sqlx::query!(
            "INSERT INTO scrubs (id)
             SELECT $1 WHERE NOT EXISTS (
                SELECT FROM scrubs
                 WHERE finished_at IS NULL OR started_at > now() - $2::bigint * interval '1 microsecond')",
            id,
            micros(within),
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "DELETE FROM scrubs WHERE id IN (SELECT id FROM scrubs ORDER BY started_at DESC, id DESC OFFSET $1)",
            KEPT,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(begun.rows_affected() == 1)
    }

    /// Begins a scrub whatever else is under way, held by whoever begins it.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn begin_own_scrub(&mut self, id: Uuid, lease: Duration) -> Result<HeldScrub, Error> {
        sqlx::query!(
            "INSERT INTO scrubs (id, held_until, fence)
             VALUES ($1, now() + $2::bigint * interval '1 microsecond', 1)",
            id,
            micros(lease),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(HeldScrub {
            id,
            fence: 1,
            after: None,
        })
    }
}

impl Database {
    /// Whether it is time for a scrub: none is under way and none began within that time.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn scrub_is_due(&self, every: Duration) -> Result<bool, Error> {
        Ok(sqlx::query_scalar!(
            r#"SELECT NOT EXISTS (
                SELECT FROM scrubs
                 WHERE finished_at IS NULL OR started_at > now() - $1::bigint * interval '1 microsecond') AS "due!""#,
            micros(every),
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// Takes a scrub that is under way and in nobody's hands.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn hold_scrub(&self, lease: Duration) -> Result<Option<HeldScrub>, Error> {
        let row = sqlx::query!(
            "UPDATE scrubs SET fence = fence + 1, held_until = now() + $1::bigint * interval '1 microsecond'
              WHERE id = (SELECT id FROM scrubs
                           WHERE finished_at IS NULL AND (held_until IS NULL OR held_until <= now())
                           ORDER BY started_at LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id, fence, after_document",
            micros(lease),
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| HeldScrub {
            id: row.id,
            fence: row.fence,
            after: row.after_document.map(DocumentId),
        }))
    }

    /// Documents to look at, by id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn documents_to_scrub(
        &self,
        after: Option<DocumentId>,
        limit: i64,
    ) -> Result<Vec<ToScrub>, Error> {
        let rows = sqlx::query!(
            "SELECT id, object_key, thumbnail_key, size_bytes, sha256 FROM documents
              WHERE id > $1 ORDER BY id LIMIT $2",
            after.map_or(Uuid::nil(), |id| id.0),
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ToScrub {
                id: DocumentId(row.id),
                object_key: row.object_key,
                thumbnail_key: row.thumbnail_key,
                size_bytes: row.size_bytes,
                sha256: row
                    .sha256
                    .and_then(|digest| digest.try_into().ok())
                    .map(Sha256),
            })
            .collect())
    }

    /// Notes what is wrong with an object: once, and only if its document still names it.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn note_finding(&self, scrub: &HeldScrub, finding: &Finding) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO scrub_findings (scrub_id, object_key, kind, document_id, picture, detail)
             SELECT $1, $2, $3, $4, $5, $6
              WHERE ($4::uuid IS NULL
                     AND NOT EXISTS (SELECT FROM documents WHERE object_key = $2)
                     AND NOT EXISTS (SELECT FROM documents WHERE thumbnail_key = $2))
                 OR EXISTS (SELECT FROM documents WHERE id = $4 AND $2 IN (object_key, thumbnail_key))
             ON CONFLICT DO NOTHING",
            scrub.id,
            finding.object_key,
            finding.kind.as_str(),
            finding.document.map(|id| id.0),
            finding.picture,
            finding.detail,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Writes down how far a held scrub came. It stays held for `lease` longer; without one it is let
    /// go. `false` when somebody else has it meanwhile.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn scrub_progress(
        &self,
        scrub: &HeldScrub,
        progress: &ScrubProgress,
        lease: Option<Duration>,
    ) -> Result<bool, Error> {
        let done = sqlx::query!(
            "UPDATE scrubs
                SET after_document = COALESCE($3, after_document), documents = documents + $4,
                    bytes = bytes + $5, objects = objects + $6,
                    finished_at = CASE WHEN $7 THEN now() END,
                    held_until = now() + $8::bigint * interval '1 microsecond'
              WHERE id = $1 AND fence = $2 AND finished_at IS NULL",
            scrub.id,
            scrub.fence,
            progress.after.map(|id| id.0),
            progress.documents,
            progress.bytes,
            progress.objects,
            progress.finished,
            lease.map(micros),
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The scrub of that id, or the one that was begun last.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn scrub(&self, id: Option<Uuid>) -> Result<Option<Scrub>, Error> {
        let row = sqlx::query!(
            r#"SELECT id, started_at, finished_at, documents, bytes, objects,
                      (SELECT count(*) FROM scrub_findings WHERE scrub_id = scrubs.id) AS "findings!"
                 FROM scrubs WHERE $1::uuid IS NULL OR id = $1
                ORDER BY started_at DESC, id DESC LIMIT 1"#,
            id,
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Scrub {
            id: row.id,
            started_at: row.started_at,
            finished_at: row.finished_at,
            documents: row.documents,
            bytes: row.bytes,
            objects: row.objects,
            findings: row.findings,
        }))
    }

    /// What a scrub found, by kind and key, beginning after that many.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn scrub_findings(
        &self,
        scrub: Uuid,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<Finding>, Error> {
        let rows = sqlx::query!(
            r#"SELECT f.kind, f.object_key, f.document_id, f.picture, f.detail, u.handle AS "handle?"
                 FROM scrub_findings f
                 LEFT JOIN documents d ON d.id = f.document_id
                 LEFT JOIN users u ON u.id = d.user_id
                WHERE f.scrub_id = $1
                ORDER BY f.picture, f.kind = 'orphaned', f.kind DESC, f.object_key LIMIT $2 OFFSET $3"#,
            scrub,
            limit,
            offset,
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Finding {
                    kind: FindingKind::parse(&row.kind).ok_or(Error::Corrupt {
                        table: "scrub_findings",
                        column: "kind",
                        id: scrub,
                    })?,
                    object_key: row.object_key,
                    document: row.document_id.map(DocumentId),
                    picture: row.picture,
                    detail: row.detail,
                    owner: row.handle,
                })
            })
            .collect()
    }
}
