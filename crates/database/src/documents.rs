//! Documents: the rows, never the bytes. Their list is in `listing`, new ones are in `uploads`, what a worker writes in
//! `processing`, what a person changes about a document in `corrections`.

use crate::{Database, Error, audit::Bound, rows::select_documents};
use domain::{AuditEntry, Document, DocumentId, FileName, UserId};

/// Where a document's bytes are, and under which name and type they are sent.
#[derive(Clone, Debug)]
pub struct Location {
    /// The object's key.
    pub object_key: String,
    /// The thumbnail's key, when there is one.
    pub thumbnail_key: Option<String>,
    /// The name its owner gave the file.
    pub filename: FileName,
    /// The media type by content.
    pub content_type: String,
    /// How many bytes the object has.
    pub size_bytes: i64,
}

struct LocationRow {
    object_key: String,
    thumbnail_key: Option<String>,
    filename: String,
    content_type: String,
    size_bytes: i64,
}

impl LocationRow {
    fn location(self, id: DocumentId) -> Result<Location, Error> {
        Ok(Location {
            filename: FileName::parse(&self.filename).map_err(|_| Error::Corrupt {
                table: "documents",
                column: "filename",
                id: id.0,
            })?,
            object_key: self.object_key,
            thumbnail_key: self.thumbnail_key,
            content_type: self.content_type,
            size_bytes: self.size_bytes,
        })
    }
}

impl Database {
    /// One of an owner's documents, with its text.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn document(&self, owner: UserId, id: DocumentId) -> Result<Option<Document>, Error> {
        let rows = select_documents!(
            with: "",
            text: "d.extracted_text",
            total: "NULL::bigint",
            from: "documents d WHERE d.user_id = $1 AND d.id = $2",
            owner.0,
            id.0,
        );
        let row = rows.fetch_optional(&self.pool).await?;
        row.map(Document::try_from).transpose()
    }

    /// Where the bytes of one of an owner's documents are.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn document_location(
        &self,
        owner: UserId,
        id: DocumentId,
    ) -> Result<Option<Location>, Error> {
        let row = sqlx::query_as!(
            LocationRow,
            "SELECT object_key, thumbnail_key, filename, content_type, size_bytes
               FROM documents WHERE user_id = $1 AND id = $2",
            owner.0,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| row.location(id)).transpose()
    }

    /// Where the bytes of one of an owner's documents are, and the log entry that they are read, in one
    /// statement.
    ///
    /// # Errors
    /// When the statement fails; then nothing is logged, and nothing must be read.
    pub async fn open_document(
        &self,
        owner: UserId,
        id: DocumentId,
        entry: &AuditEntry,
    ) -> Result<Option<Location>, Error> {
        let entry = Bound::from(entry);
        let row = sqlx::query_as!(
            LocationRow,
            "WITH found AS (
                SELECT object_key, thumbnail_key, filename, content_type, size_bytes
                  FROM documents WHERE user_id = $1 AND id = $2
             ), log AS (
                SELECT audit($3, $4, $5, $6, $7, $8, $9, $10, $11) FROM found
             )
             SELECT object_key, thumbnail_key, filename, content_type, size_bytes FROM found, log",
            owner.0,
            id.0,
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
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| row.location(id)).transpose()
    }

    /// Removes one of an owner's documents, gives its room in the quota back, notes its objects for
    /// deletion and writes the log entry, in one statement. Gives the objects' keys, or `None` when
    /// there is no such document.
    ///
    /// # Errors
    /// When the statement fails; then nothing was removed.
    pub async fn delete_document(
        &self,
        owner: UserId,
        id: DocumentId,
        entry: &AuditEntry,
    ) -> Result<Option<Vec<String>>, Error> {
        let entry = Bound::from(entry);
        let keys = sqlx::query_scalar!(
            r#"
            WITH room AS (
                -- Before any document, as uploads do: in another order they would wait for each other.
                SELECT user_id FROM quotas WHERE user_id = $1 FOR UPDATE
            ), held AS (
                -- It and those that name it, which the deletion changes, in the order that batches take them.
                SELECT d.id FROM documents d JOIN room USING (user_id)
                 WHERE d.id = $2 OR d.parent_id = $2 OR d.duplicate_of = $2
                 ORDER BY d.id FOR UPDATE OF d
            ), gone AS (
                DELETE FROM documents WHERE user_id = $1 AND id = $2 AND (SELECT count(*) FROM held) > 0
                RETURNING object_key, thumbnail_key, size_bytes
            ), quota AS (
                UPDATE quotas
                   SET used_bytes = greatest(used_bytes - size_bytes, 0), documents = greatest(documents - 1, 0)
                  FROM gone WHERE user_id = $1
                RETURNING user_id
            ), log AS (
                SELECT audit($3, $4, $5, $6, $7, $8, $9, $10, $11) FROM quota
            )
            INSERT INTO object_deletions (object_key)
            SELECT key FROM log, gone, LATERAL (VALUES (object_key), (thumbnail_key)) AS keys (key)
             WHERE key IS NOT NULL
            RETURNING object_key
            "#,
            owner.0,
            id.0,
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
        .fetch_all(&self.pool)
        .await?;
        Ok((!keys.is_empty()).then_some(keys))
    }

    /// Whose a document is.
    ///
    /// # Errors
    /// `LeaseLost` when it is gone.
    pub async fn document_owner(&self, id: DocumentId) -> Result<UserId, Error> {
        let owner = sqlx::query_scalar!("SELECT user_id FROM documents WHERE id = $1", id.0)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(Error::LeaseLost)?;
        Ok(UserId(owner))
    }
}
