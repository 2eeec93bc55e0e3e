//! Documents: the rows, never the bytes.

use crate::{Database, Error, NewJob, UnitOfWork, rows::AssignedRow, rows::DocumentRow};
use domain::{
    AssignedBy, Document, DocumentId, DocumentStatus, FileName, Job, JobId, NewDocument, Stage, TopicId, UserId,
};
use sqlx::types::Json;
use uuid::Uuid;

/// Which documents to list.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    /// Only those filed under the topic of this name.
    pub topic: Option<String>,
    /// Only those of this status.
    pub status: Option<DocumentStatus>,
}

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

impl Database {
    /// One page of an owner's documents, newest first, and how many there are in all.
    ///
    /// The condition on the owner and the order are written so that one index serves both: PostgreSQL
    /// uses none for `IS NOT DISTINCT FROM`, and does not see that `IS NULL` makes a column constant.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list_documents(
        &self,
        owner: Option<UserId>,
        filter: &DocumentFilter,
        limit: u32,
        offset: i64,
    ) -> Result<(Vec<Document>, i64), Error> {
        let owner = owner.map(|id| id.0);
        let status = filter.status.map(DocumentStatus::as_str);
        let rows = sqlx::query_as!(
            DocumentRow,
            r#"
            SELECT d.id, d.filename, d.content_type, d.size_bytes, d.sha256, d.status, d.stage, d.failure,
                   d.classification_error, d.classification_note, d.duplicate_of, d.page_count,
                   d.thumbnail_key IS NOT NULL AS "has_thumbnail!", NULL::text AS extracted_text,
                   d.created_at, d.updated_at,
                   COALESCE((
                       SELECT jsonb_agg(jsonb_build_object(
                                  'id', t.id, 'name', t.name, 'color', t.color, 'assigned_by', dt.assigned_by,
                                  'provider', dt.provider, 'confidence', dt.confidence, 'reason', dt.reason)
                              ORDER BY t.name)
                         FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                        WHERE dt.document_id = d.id), '[]') AS "topics!: Json<Vec<AssignedRow>>"
              FROM documents d
             WHERE (d.user_id = $1 OR ($1::uuid IS NULL AND d.user_id IS NULL))
               AND ($2::text IS NULL OR d.status = $2)
               AND ($3::text IS NULL OR EXISTS (
                       SELECT 1 FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                        WHERE dt.document_id = d.id AND t.name = $3))
             ORDER BY d.user_id, d.created_at DESC, d.id DESC
             LIMIT $4 OFFSET $5
            "#,
            owner,
            status,
            filter.topic,
            i64::from(limit),
            offset,
        )
        .fetch_all(&self.pool)
        .await?;
        let total = sqlx::query_scalar!(
            r#"
            SELECT count(*) AS "total!"
              FROM documents d
             WHERE (d.user_id = $1 OR ($1::uuid IS NULL AND d.user_id IS NULL))
               AND ($2::text IS NULL OR d.status = $2)
               AND ($3::text IS NULL OR EXISTS (
                       SELECT 1 FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                        WHERE dt.document_id = d.id AND t.name = $3))
            "#,
            owner,
            status,
            filter.topic,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((rows.into_iter().map(Document::try_from).collect::<Result<_, _>>()?, total))
    }

    /// One of an owner's documents, with its text.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn document(&self, owner: Option<UserId>, id: DocumentId) -> Result<Option<Document>, Error> {
        let row = sqlx::query_as!(
            DocumentRow,
            r#"
            SELECT d.id, d.filename, d.content_type, d.size_bytes, d.sha256, d.status, d.stage, d.failure,
                   d.classification_error, d.classification_note, d.duplicate_of, d.page_count,
                   d.thumbnail_key IS NOT NULL AS "has_thumbnail!", d.extracted_text,
                   d.created_at, d.updated_at,
                   COALESCE((
                       SELECT jsonb_agg(jsonb_build_object(
                                  'id', t.id, 'name', t.name, 'color', t.color, 'assigned_by', dt.assigned_by,
                                  'provider', dt.provider, 'confidence', dt.confidence, 'reason', dt.reason)
                              ORDER BY t.name)
                         FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                        WHERE dt.document_id = d.id), '[]') AS "topics!: Json<Vec<AssignedRow>>"
              FROM documents d
             WHERE d.user_id IS NOT DISTINCT FROM $1 AND d.id = $2
            "#,
            owner.map(|id| id.0),
            id.0,
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(Document::try_from).transpose()
    }

    /// Where the bytes of one of an owner's documents are.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn document_location(
        &self,
        owner: Option<UserId>,
        id: DocumentId,
    ) -> Result<Option<Location>, Error> {
        let row = sqlx::query!(
            "SELECT object_key, thumbnail_key, filename, content_type, size_bytes
               FROM documents WHERE user_id IS NOT DISTINCT FROM $1 AND id = $2",
            owner.map(|id| id.0),
            id.0,
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(Location {
                filename: FileName::parse(&row.filename).map_err(|_| Error::Corrupt {
                    table: "documents",
                    column: "filename",
                    id: id.0,
                })?,
                object_key: row.object_key,
                thumbnail_key: row.thumbnail_key,
                content_type: row.content_type,
                size_bytes: row.size_bytes,
            })
        })
        .transpose()
    }

    /// Writes a document and the job that will read it, together, in one statement.
    ///
    /// # Errors
    /// When the statement fails; then neither was written.
    pub async fn insert_document(&self, new: &NewDocument, job: JobId) -> Result<Document, Error> {
        let row = sqlx::query_as!(
            DocumentRow,
            r#"
            WITH document AS (
                INSERT INTO documents
                    (id, user_id, filename, object_key, content_type, size_bytes, sha256, auto_classify, duplicate_of)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
                    (SELECT id FROM documents
                      WHERE user_id IS NOT DISTINCT FROM $2 AND sha256 = $7
                      ORDER BY created_at, id LIMIT 1))
                RETURNING *
            ), job AS (
                INSERT INTO jobs (id, kind, document_id, max_attempts, dispatched_at)
                SELECT $9, 'process', id, $10, now() FROM document
            )
            SELECT id, filename, content_type, size_bytes, sha256, status, stage, failure,
                   classification_error, classification_note, duplicate_of, page_count,
                   false AS "has_thumbnail!", extracted_text, created_at, updated_at,
                   '[]'::jsonb AS "topics!: Json<Vec<AssignedRow>>"
              FROM document
            "#,
            new.id.0,
            new.owner.map(|id| id.0),
            new.filename.as_str(),
            new.object_key,
            new.content_type,
            new.size_bytes,
            new.sha256.0.as_slice(),
            new.auto_classify,
            job.0,
            domain::job::MAX_ATTEMPTS,
        )
        .fetch_one(&self.pool)
        .await?;
        row.try_into()
    }

    /// Removes one of an owner's documents and notes its objects for deletion, in one statement.
    /// Gives the objects' keys, or `None` when there is no such document.
    ///
    /// # Errors
    /// When the statement fails; then nothing was removed.
    pub async fn delete_document(
        &self,
        owner: Option<UserId>,
        id: DocumentId,
    ) -> Result<Option<Vec<String>>, Error> {
        let keys = sqlx::query_scalar!(
            r#"
            WITH gone AS (
                DELETE FROM documents WHERE user_id IS NOT DISTINCT FROM $1 AND id = $2
                RETURNING object_key, thumbnail_key
            )
            INSERT INTO object_deletions (object_key)
            SELECT key FROM gone, LATERAL (VALUES (object_key), (thumbnail_key)) AS keys (key) WHERE key IS NOT NULL
            RETURNING object_key
            "#,
            owner.map(|id| id.0),
            id.0,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok((!keys.is_empty()).then_some(keys))
    }

    /// What a worker needs of the document of a job that it holds.
    ///
    /// # Errors
    /// `LeaseLost` when the document is gone.
    pub async fn document_to_process(&self, job: &Job) -> Result<ToProcess, Error> {
        let row = sqlx::query!(
            "SELECT user_id, filename, object_key, content_type, size_bytes, auto_classify,
                    extracted_at IS NOT NULL AS \"read!\"
               FROM documents WHERE id = $1",
            job.document_id.0,
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or(Error::LeaseLost)?;
        Ok(ToProcess {
            owner: row.user_id.map(UserId),
            filename: FileName::parse(&row.filename).map_err(|_| Error::Corrupt {
                table: "documents",
                column: "filename",
                id: job.document_id.0,
            })?,
            object_key: row.object_key,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            auto_classify: row.auto_classify,
            read: row.read,
        })
    }

    /// Whose a document is.
    ///
    /// # Errors
    /// `LeaseLost` when it is gone.
    pub async fn document_owner(&self, id: DocumentId) -> Result<Option<UserId>, Error> {
        let owner = sqlx::query_scalar!("SELECT user_id FROM documents WHERE id = $1", id.0)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(Error::LeaseLost)?;
        Ok(owner.map(UserId))
    }

    /// The text of a document that has been read.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn document_text(&self, id: DocumentId) -> Result<String, Error> {
        let text = sqlx::query_scalar!("SELECT extracted_text FROM documents WHERE id = $1", id.0)
            .fetch_optional(&self.pool)
            .await?;
        Ok(text.flatten().unwrap_or_default())
    }
}

/// What a worker needs of a document.
#[derive(Clone, Debug)]
pub struct ToProcess {
    /// Whose it is.
    pub owner: Option<UserId>,
    /// The name its owner gave the file.
    pub filename: FileName,
    /// Where the bytes are.
    pub object_key: String,
    /// The media type by content.
    pub content_type: String,
    /// How many bytes there are.
    pub size_bytes: i64,
    /// Whether to file it once it is read.
    pub auto_classify: bool,
    /// Whether it has been read already, by an earlier try.
    pub read: bool,
}

/// What reading a document gave.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The text, page by page.
    pub pages: Vec<String>,
    /// How many pages the document has.
    pub page_count: i32,
    /// Where the thumbnail is, when one could be made.
    pub thumbnail_key: Option<String>,
}

/// A topic that the machine chose.
#[derive(Clone, Debug)]
pub struct MachineTopic {
    /// Which.
    pub topic: TopicId,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// The words of the text that decided it.
    pub reason: String,
}

impl UnitOfWork {
    /// Locks the document, then the job, and checks that the job is still this worker's.
    ///
    /// Always in this order: deleting a document locks it before the cascade reaches its jobs.
    ///
    /// # Errors
    /// `LeaseLost` when another worker took the job or the document is gone.
    pub async fn hold_lease(&mut self, job: &Job) -> Result<(), Error> {
        sqlx::query_scalar!("SELECT id FROM documents WHERE id = $1 FOR UPDATE", job.document_id.0)
            .fetch_optional(&mut *self.transaction)
            .await?
            .ok_or(Error::LeaseLost)?;
        sqlx::query_scalar!(
            "SELECT id FROM jobs WHERE id = $1 AND fence = $2 AND state = 'running' FOR UPDATE",
            job.id.0,
            job.fence,
        )
        .fetch_optional(&mut *self.transaction)
        .await?
        .ok_or(Error::LeaseLost)?;
        Ok(())
    }

    /// Notes which stage the job's document is in.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn begin_stage(&mut self, job: &Job, stage: Stage) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE documents SET status = 'processing', stage = $2, failure = NULL, updated_at = now() WHERE id = $1",
            job.document_id.0,
            stage.as_str(),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Writes what was read. A thumbnail of an earlier reading is noted for deletion.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn write_reading(&mut self, job: &Job, reading: &Reading) -> Result<(), Error> {
        let id = job.document_id.0;
        sqlx::query!(
            "INSERT INTO object_deletions (object_key)
             SELECT thumbnail_key FROM documents WHERE id = $1 AND thumbnail_key IS NOT NULL
             ON CONFLICT DO NOTHING",
            id,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!("DELETE FROM document_pages WHERE document_id = $1", id).execute(&mut *self.transaction).await?;
        sqlx::query!(
            "INSERT INTO document_pages (document_id, number, text)
             SELECT $1, ordinality, page FROM unnest($2::text[]) WITH ORDINALITY AS pages (page, ordinality)",
            id,
            &reading.pages,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "UPDATE documents
                SET extracted_text = $2, page_count = $3, thumbnail_key = $4, extracted_at = now(), updated_at = now()
              WHERE id = $1",
            id,
            reading.pages.join("\n\n"),
            reading.page_count,
            reading.thumbnail_key,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// The document is ready without having been filed now.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn mark_ready(&mut self, job: &Job, classification_error: Option<&str>) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE documents
                SET status = 'ready', stage = NULL, failure = NULL, classification_error = $2, updated_at = now()
              WHERE id = $1",
            job.document_id.0,
            classification_error,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// The document can't be read.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn mark_failed(&mut self, job: &Job, failure: &str) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE documents SET status = 'failed', stage = NULL, failure = $2, updated_at = now() WHERE id = $1",
            job.document_id.0,
            failure,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Replaces what the machine chose before, and marks the document ready. What a person set stays
    /// as it is, and what a person took off does not come back.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn write_filing(
        &mut self,
        job: &Job,
        provider: &str,
        topics: &[MachineTopic],
        note: Option<&str>,
    ) -> Result<(), Error> {
        let id = job.document_id.0;
        let ids: Vec<Uuid> = topics.iter().map(|chosen| chosen.topic.0).collect();
        let confidences: Vec<f32> = topics.iter().map(|chosen| chosen.confidence).collect();
        let reasons: Vec<String> = topics.iter().map(|chosen| chosen.reason.clone()).collect();
        sqlx::query!("DELETE FROM document_topics WHERE document_id = $1 AND assigned_by = 'machine'", id)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query!(
            "INSERT INTO document_topics (document_id, topic_id, assigned_by, provider, confidence, reason)
             SELECT d.id, t.id, 'machine', $2, chosen.confidence, chosen.reason
               FROM unnest($3::uuid[], $4::real[], $5::text[]) AS chosen (topic_id, confidence, reason)
               JOIN documents d ON d.id = $1
               JOIN topics t ON t.id = chosen.topic_id AND t.user_id IS NOT DISTINCT FROM d.user_id
              WHERE NOT EXISTS (SELECT 1 FROM document_topic_refusals r
                                 WHERE r.document_id = d.id AND r.topic_id = t.id)
             ON CONFLICT (document_id, topic_id) DO NOTHING",
            id,
            provider,
            &ids,
            &confidences,
            &reasons,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "UPDATE documents
                SET status = 'ready', stage = NULL, failure = NULL, classification_error = NULL,
                    classification_note = $2, updated_at = now()
              WHERE id = $1",
            id,
            note,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Locks one of an owner's documents and gives its status, or `None` when there is no such document.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn lock_document(
        &mut self,
        owner: Option<UserId>,
        id: DocumentId,
    ) -> Result<Option<DocumentStatus>, Error> {
        let status = sqlx::query_scalar!(
            "SELECT status FROM documents WHERE user_id IS NOT DISTINCT FROM $1 AND id = $2 FOR UPDATE",
            owner.map(|id| id.0),
            id.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        status
            .map(|word| {
                DocumentStatus::parse(&word).ok_or(Error::Corrupt {
                    table: "documents",
                    column: "status",
                    id: id.0,
                })
            })
            .transpose()
    }

    /// Puts a document back to the beginning and schedules its reading.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn process_again(&mut self, id: DocumentId, job: JobId) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE documents
                SET status = 'pending', stage = NULL, failure = NULL, classification_error = NULL,
                    classification_note = NULL, extracted_at = NULL, updated_at = now()
              WHERE id = $1",
            id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        self.insert_job(&NewJob { id: job, kind: domain::JobKind::Process, document_id: id, topics: None }).await
    }

    /// Schedules the filing of a document that has been read.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn file_again(
        &mut self,
        id: DocumentId,
        job: JobId,
        topics: Option<Vec<TopicId>>,
    ) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE documents SET status = 'processing', stage = 'filing', updated_at = now() WHERE id = $1",
            id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        self.insert_job(&NewJob { id: job, kind: domain::JobKind::Classify, document_id: id, topics }).await
    }

    /// Whether a document has been read.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn has_been_read(&mut self, id: DocumentId) -> Result<bool, Error> {
        Ok(sqlx::query_scalar!(
            r#"SELECT extracted_at IS NOT NULL AS "read!" FROM documents WHERE id = $1"#,
            id.0
        )
        .fetch_one(&mut *self.transaction)
        .await?)
    }

    /// Whether the job's document is to be filed once it is read.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn wants_filing(&mut self, job: &Job) -> Result<bool, Error> {
        Ok(sqlx::query_scalar!("SELECT auto_classify FROM documents WHERE id = $1", job.document_id.0)
            .fetch_one(&mut *self.transaction)
            .await?)
    }

    /// Wants a document that is still being read to be filed afterwards.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn want_filing(&mut self, id: DocumentId) -> Result<(), Error> {
        sqlx::query!("UPDATE documents SET auto_classify = true, updated_at = now() WHERE id = $1", id.0)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Makes `topics` what a person says this document is about. Gives those newly said and those
    /// newly taken off, so that the built-in provider can learn.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn set_person_topics(&mut self, id: DocumentId, topics: &[TopicId]) -> Result<Correction, Error> {
        let wanted: Vec<Uuid> = topics.iter().map(|topic| topic.0).collect();
        let removed = sqlx::query_scalar!(
            "DELETE FROM document_topics WHERE document_id = $1 AND topic_id <> ALL ($2) RETURNING topic_id",
            id.0,
            &wanted,
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO document_topic_refusals (document_id, topic_id) SELECT $1, unnest($2::uuid[])
             ON CONFLICT DO NOTHING",
            id.0,
            &removed,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "DELETE FROM document_topic_refusals WHERE document_id = $1 AND topic_id = ANY ($2)",
            id.0,
            &wanted,
        )
        .execute(&mut *self.transaction)
        .await?;
        let said = sqlx::query_scalar!(
            "INSERT INTO document_topics (document_id, topic_id, assigned_by) SELECT $1, unnest($2::uuid[]), $3
             ON CONFLICT (document_id, topic_id) DO UPDATE
                SET assigned_by = EXCLUDED.assigned_by, provider = NULL, confidence = NULL, reason = NULL
              WHERE document_topics.assigned_by <> EXCLUDED.assigned_by
             RETURNING topic_id",
            id.0,
            &wanted,
            AssignedBy::Person.as_str(),
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "UPDATE documents SET classification_error = NULL, classification_note = NULL, updated_at = now()
              WHERE id = $1",
            id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(Correction {
            said: said.into_iter().map(TopicId).collect(),
            taken_off: removed.into_iter().map(TopicId).collect(),
        })
    }
}

/// What a person changed about a document's topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Topics that a person now stands for.
    pub said: Vec<TopicId>,
    /// Topics that a person took off.
    pub taken_off: Vec<TopicId>,
}
