//! What a worker reads and writes about the document of a job that it holds.

use crate::{Database, Error, UnitOfWork};
use domain::{FileName, Job, Stage, TopicId, UserId};
use uuid::Uuid;

/// What a worker needs of a document.
#[derive(Clone, Debug)]
pub struct ToProcess {
    /// Whose it is.
    pub owner: UserId,
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
    /// What the owner should know of the reading, as a sentence.
    pub note: Option<String>,
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

impl Database {
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
            owner: UserId(row.user_id),
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
}

impl UnitOfWork {
    /// Locks the document, then the job, and checks that the job is still this worker's.
    ///
    /// Always in this order: deleting a document locks it before the cascade reaches its jobs.
    ///
    /// # Errors
    /// `LeaseLost` when another worker took the job or the document is gone.
    pub async fn hold_lease(&mut self, job: &Job) -> Result<(), Error> {
        sqlx::query_scalar!(
            "WITH document AS (SELECT id FROM documents WHERE id = $1 FOR NO KEY UPDATE)
             SELECT jobs.id FROM jobs JOIN document ON document.id = jobs.document_id
              WHERE jobs.id = $2 AND fence = $3 AND state = 'running'
                FOR UPDATE OF jobs",
            job.document_id.0,
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

    /// Writes what was read; says whether the document is to be filed. A thumbnail of an earlier reading is
    /// noted for deletion.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn write_reading(&mut self, job: &Job, reading: &Reading) -> Result<bool, Error> {
        let id = job.document_id.0;
        sqlx::query!(
            "INSERT INTO object_deletions (object_key)
             SELECT thumbnail_key FROM documents WHERE id = $1 AND thumbnail_key IS NOT NULL
             ON CONFLICT DO NOTHING",
            id,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!("DELETE FROM document_pages WHERE document_id = $1", id)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query!(
            "INSERT INTO document_pages (document_id, number, text)
             SELECT $1, ordinality, page FROM unnest($2::text[]) WITH ORDINALITY AS pages (page, ordinality)",
            id,
            &reading.pages,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(sqlx::query_scalar!(
            "UPDATE documents
                SET extracted_text = $2, page_count = $3, thumbnail_key = $4, reading_note = $5,
                    extracted_at = now(), updated_at = now()
              WHERE id = $1
             RETURNING auto_classify",
            id,
            reading.pages.join("\n\n"),
            reading.page_count,
            reading.thumbnail_key,
            reading.note,
        )
        .fetch_one(&mut *self.transaction)
        .await?)
    }

    /// The document is ready without having been filed now.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn mark_ready(
        &mut self,
        job: &Job,
        classification_error: Option<&str>,
    ) -> Result<(), Error> {
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
        // Undoing a batch gives back what was before it, and would take this away with it.
        sqlx::query!(
            "DELETE FROM filing_batch_documents WHERE document_id = $1 AND job_id IS DISTINCT FROM $2",
            id,
            job.id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "DELETE FROM document_topics WHERE document_id = $1 AND assigned_by = 'machine'",
            id
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO document_topics (document_id, topic_id, assigned_by, provider, confidence, reason)
             SELECT d.id, t.id, 'machine', $2, chosen.confidence, chosen.reason
               FROM unnest($3::uuid[], $4::real[], $5::text[]) AS chosen (topic_id, confidence, reason)
               JOIN documents d ON d.id = $1
               JOIN topics t ON t.id = chosen.topic_id AND t.user_id = d.user_id
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
}
