//! Documents that came out of an archive or an e-mail: their parents, and how they are written.

use crate::{Database, Error, UnitOfWork, audit::Bound};
use domain::{
    AuditEntry, DocumentId, DocumentStatus, FileName, JobId, NewDocument, PartPath, Relative,
    UserId,
};
use uuid::Uuid;

/// A part to write.
#[derive(Clone, Debug)]
pub struct NewPart {
    /// The document.
    pub document: NewDocument,
    /// What it came out of.
    pub parent: DocumentId,
    /// Where it stood there.
    pub path: PartPath,
    /// The job that will read it.
    pub job: JobId,
    /// What the log says of it.
    pub entry: AuditEntry,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartWritten {
    /// It is a document now.
    Now,
    /// It was one already: an earlier try wrote it.
    Before,
    /// The quota has no room for it.
    NoRoom,
}

/// Where a document stands among those that came out of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// How many documents are around it.
    pub depth: i32,
    /// How many documents came out of the outermost one in all.
    pub parts: i64,
}

struct RelativeRow {
    id: Uuid,
    filename: String,
    path: Option<String>,
    status: String,
    is_parent: bool,
}

impl Database {
    /// Where a document stands among those that came out of each other.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn place_of(&self, id: DocumentId) -> Result<Place, Error> {
        let row = sqlx::query!(
            r#"
            WITH RECURSIVE up AS (
                SELECT id, parent_id, 0 AS depth FROM documents WHERE id = $1
                UNION ALL
                SELECT d.id, d.parent_id, up.depth + 1 FROM documents d JOIN up ON d.id = up.parent_id
                 WHERE up.depth < 100
            ), root AS (
                SELECT id, depth FROM up ORDER BY depth DESC LIMIT 1
            ), down AS (
                SELECT id FROM root
                UNION ALL
                SELECT d.id FROM documents d JOIN down ON d.parent_id = down.id
            )
            SELECT COALESCE((SELECT depth FROM root), 0) AS "depth!",
                   (SELECT count(*) FROM down) - 1 AS "parts!"
            "#,
            id.0,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Place {
            depth: row.depth,
            parts: row.parts.max(0),
        })
    }

    /// The paths of a document's parts that are written.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn part_paths(&self, parent: DocumentId) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar!(
            r#"SELECT path AS "path!" FROM documents WHERE parent_id = $1 AND path IS NOT NULL"#,
            parent.0
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// What one of an owner's documents came out of, and what came out of it, by path.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn relatives(
        &self,
        owner: UserId,
        id: DocumentId,
    ) -> Result<(Option<Relative>, Vec<Relative>), Error> {
        let rows = sqlx::query_as!(
            RelativeRow,
            r#"
            SELECT d.id AS "id!", d.filename AS "filename!", d.path AS "path?", d.status AS "status!",
                   false AS "is_parent!"
              FROM documents d WHERE d.user_id = $1 AND d.parent_id = $2
            UNION ALL
            SELECT p.id, p.filename, p.path, p.status, true
              FROM documents d JOIN documents p ON p.id = d.parent_id
             WHERE d.user_id = $1 AND p.user_id = $1 AND d.id = $2
             ORDER BY 3, 1
            "#,
            owner.0,
            id.0,
        )
        .fetch_all(&self.pool)
        .await?;
        let (mut parent, mut parts) = (None, Vec::new());
        for row in rows {
            let is_parent = row.is_parent;
            let relative = Relative::try_from(row)?;
            if is_parent {
                parent = Some(relative);
            } else {
                parts.push(relative);
            }
        }
        Ok((parent, parts))
    }
}

impl UnitOfWork {
    /// Writes a part, the job that will read it, its room in the quota and the log's entry, in one
    /// statement, unless it is there already. The job of its parent must be held.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn insert_part(&mut self, part: &NewPart) -> Result<PartWritten, Error> {
        let (document, entry) = (&part.document, Bound::from(&part.entry));
        let row = sqlx::query!(
            r#"
            WITH before AS (
                SELECT id FROM documents WHERE parent_id = $9 AND path = $10
            ), quota AS (
                UPDATE quotas SET used_bytes = used_bytes + $6, documents = documents + 1
                 WHERE user_id = $1 AND used_bytes + $6 <= limit_bytes AND NOT EXISTS (SELECT FROM before)
                RETURNING user_id
            ), document AS (
                INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes, sha256,
                    auto_classify, parent_id, path, duplicate_of)
                SELECT $2, user_id, $3, $4, $5, $6, $7, $8, $9, $10, oldest_document_with(user_id, $7) FROM quota
                RETURNING id
            ), job AS (
                INSERT INTO jobs (id, kind, document_id, max_attempts, dispatched_at)
                SELECT $11, 'process', id, $12, now() FROM document
            ), log AS (
                SELECT id, audit($13, $14, $15, $16, $17, $18, $19, $20, $21) FROM document
            )
            SELECT (SELECT count(*) FROM log) > 0 AS "now!", EXISTS (SELECT FROM before) AS "before!"
            "#,
            document.owner.0,
            document.id.0,
            document.filename.as_str(),
            document.object_key,
            document.content_type,
            document.size_bytes,
            &document.sha256.0,
            document.auto_classify,
            part.parent.0,
            part.path.as_str(),
            part.job.0,
            domain::job::MAX_ATTEMPTS,
            entry.chain,
            entry.subject,
            entry.actor,
            entry.event,
            entry.resource,
            entry.address,
            entry.request_id,
            entry.note,
            entry.device,
        )
        .fetch_one(&mut *self.transaction)
        .await?;
        Ok(match (row.now, row.before) {
            (true, _) => PartWritten::Now,
            (false, true) => PartWritten::Before,
            (false, false) => PartWritten::NoRoom,
        })
    }
}

impl TryFrom<RelativeRow> for Relative {
    type Error = Error;

    fn try_from(row: RelativeRow) -> Result<Self, Error> {
        let corrupt = |column| Error::Corrupt {
            table: "documents",
            column,
            id: row.id,
        };
        Ok(Self {
            id: DocumentId(row.id),
            filename: FileName::parse(&row.filename).map_err(|_| corrupt("filename"))?,
            path: row.path.clone(),
            status: DocumentStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?,
        })
    }
}
