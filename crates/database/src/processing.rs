//! What a worker reads and writes about the document of a job that it holds.

use crate::{Database, Error, UnitOfWork, rows};
use domain::{FileName, Job, Topic, TopicId, UserId};
use serde::Deserialize;
use sqlx::types::Json;
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
    /// Whether to file it once it is read.
    pub auto_classify: bool,
    /// Whether it has been read already, by an earlier try.
    pub read: bool,
}

/// What a worker needs to file a document.
#[derive(Clone, Debug)]
pub struct ToFile {
    /// What was read of it.
    pub text: String,
    /// The topics to choose from, by name.
    pub topics: Vec<Topic>,
}

/// One topic to choose from, as `jsonb_build_object` makes it.
#[derive(Debug, Deserialize)]
struct OptionRow {
    id: Uuid,
    name: String,
    description: String,
    color: String,
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

/// A statement of a worker that holds a job. It locks the document, then the job; its `held` has a row when
/// the job is still this worker's. Always in this order: deleting a document locks it before the cascade
/// reaches its jobs. The first three parameters are taken.
///
/// Such a statement sees what was there when it began, not what was written while it waited for the lock:
/// what hangs on rows that others write too is for a statement after [`UnitOfWork::hold_lease`].
macro_rules! holding {
    ($job:expr, $then:literal $(, $value:expr)* $(,)?) => {
        sqlx::query_scalar!(
            "WITH document AS MATERIALIZED (
                 SELECT id, thumbnail_key FROM documents WHERE id = $1 FOR NO KEY UPDATE
             ), held AS MATERIALIZED (
                 SELECT jobs.id, document_id, thumbnail_key FROM jobs JOIN document ON document.id = jobs.document_id
                  WHERE jobs.id = $2 AND fence = $3 AND state = 'running'
                    FOR UPDATE OF jobs
             ) " + $then,
            $job.document_id.0,
            $job.id.0,
            $job.fence,
            $($value),*
        )
    };
}

impl Database {
    /// What a worker needs of the document of a job that it holds.
    ///
    /// # Errors
    /// `LeaseLost` when the document is gone.
    pub async fn document_to_process(&self, job: &Job) -> Result<ToProcess, Error> {
        let row = sqlx::query!(
            "SELECT user_id, filename, object_key, content_type, auto_classify,
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
            auto_classify: row.auto_classify,
            read: row.read,
        })
    }

    /// What a worker needs to file the document of a job that it holds: of its owner's topics those that
    /// the job may choose from.
    ///
    /// # Errors
    /// `LeaseLost` when the document is gone.
    pub async fn document_to_file(&self, job: &Job) -> Result<ToFile, Error> {
        let row = sqlx::query!(
            r#"
            SELECT COALESCE(d.extracted_text, '') AS "text!",
                   COALESCE((
                       SELECT jsonb_agg(jsonb_build_object(
                                  'id', t.id, 'name', t.name, 'description', t.description, 'color', t.color)
                              ORDER BY t.name)
                         FROM topics t
                        WHERE t.user_id = d.user_id AND (j.topic_ids IS NULL OR t.id = ANY (j.topic_ids))), '[]')
                   AS "topics!: Json<Vec<OptionRow>>"
              FROM jobs j JOIN documents d ON d.id = j.document_id
             WHERE j.id = $1
            "#,
            job.id.0,
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or(Error::LeaseLost)?;
        let topics = row.topics.0.into_iter();
        Ok(ToFile {
            text: row.text,
            topics: topics
                .map(|row| rows::topic(row.id, &row.name, &row.description, &row.color))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Notes that the job's document is being read.
    ///
    /// # Errors
    /// `LeaseLost` when another worker took the job or the document is gone.
    pub async fn begin_reading(&self, job: &Job) -> Result<(), Error> {
        holding!(
            job,
            "UPDATE documents SET status = 'processing', stage = 'reading', failure = NULL, updated_at = now()
               FROM held WHERE documents.id = held.document_id
             RETURNING documents.id",
        )
        .fetch_optional(&self.pool)
        .await?
        .map(drop)
        .ok_or(Error::LeaseLost)
    }
}

impl UnitOfWork {
    /// Locks the document, then the job, and checks that the job is still this worker's.
    ///
    /// # Errors
    /// `LeaseLost` when another worker took the job or the document is gone.
    pub async fn hold_lease(&mut self, job: &Job) -> Result<(), Error> {
        holding!(job, "SELECT id FROM held")
            .fetch_optional(&mut *self.transaction)
            .await?
            .map(drop)
            .ok_or(Error::LeaseLost)
    }

    /// Writes what was read, and says whether the document is to be filed next. Else it is ready. A
    /// thumbnail of an earlier reading is noted for deletion.
    ///
    /// # Errors
    /// `LeaseLost` when another worker took the job or the document is gone.
    pub async fn write_reading(&mut self, job: &Job, reading: &Reading) -> Result<bool, Error> {
        holding!(
            job,
            ", former AS (
                 INSERT INTO object_deletions (object_key)
                 SELECT thumbnail_key FROM held WHERE thumbnail_key IS NOT NULL ON CONFLICT DO NOTHING
             ), surplus AS (
                 DELETE FROM document_pages p USING held
                  WHERE p.document_id = held.document_id AND p.number > cardinality($4::text[])
             ), pages AS (
                 INSERT INTO document_pages (document_id, number, text)
                 SELECT document_id, number, page
                   FROM held, unnest($4::text[]) WITH ORDINALITY AS pages (page, number)
                 ON CONFLICT (document_id, number) DO UPDATE SET text = EXCLUDED.text
             )
             UPDATE documents
                SET extracted_text = $5, page_count = $6, thumbnail_key = $7, reading_note = $8,
                    extracted_at = now(), updated_at = now(), failure = NULL,
                    status = CASE WHEN auto_classify THEN 'processing' ELSE 'ready' END,
                    stage = CASE WHEN auto_classify THEN 'filing' END,
                    classification_error = CASE WHEN auto_classify THEN classification_error END
               FROM held WHERE documents.id = held.document_id
             RETURNING auto_classify",
            &reading.pages,
            reading.pages.join("\n\n"),
            reading.page_count,
            reading.thumbnail_key,
            reading.note,
        )
        .fetch_optional(&mut *self.transaction)
        .await?
        .ok_or(Error::LeaseLost)
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
    /// as it is, and what a person took off does not come back. For a unit of work that holds the lease.
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
        let ids: Vec<Uuid> = topics.iter().map(|chosen| chosen.topic.0).collect();
        let confidences: Vec<f32> = topics.iter().map(|chosen| chosen.confidence).collect();
        let reasons: Vec<String> = topics.iter().map(|chosen| chosen.reason.clone()).collect();
        // Undoing a batch gives back what was before it, and would take this away with it.
        sqlx::query!(
            "WITH outdated AS (
                 DELETE FROM filing_batch_documents WHERE document_id = $1 AND job_id IS DISTINCT FROM $2
             ), chosen AS MATERIALIZED (
                 SELECT DISTINCT ON (t.id) t.id, chosen.confidence, chosen.reason
                   FROM unnest($4::uuid[], $5::real[], $6::text[]) AS chosen (topic_id, confidence, reason)
                   JOIN documents d ON d.id = $1
                   JOIN topics t ON t.id = chosen.topic_id AND t.user_id = d.user_id
                  WHERE NOT EXISTS (SELECT FROM document_topic_refusals r
                                     WHERE r.document_id = d.id AND r.topic_id = t.id)
                  ORDER BY t.id, chosen.confidence DESC
             ), dropped AS (
                 DELETE FROM document_topics
                  WHERE document_id = $1 AND assigned_by = 'machine' AND topic_id NOT IN (SELECT id FROM chosen)
             ), filed AS (
                 INSERT INTO document_topics AS dt (document_id, topic_id, assigned_by, provider, confidence, reason)
                 SELECT $1, id, 'machine', $3, confidence, reason FROM chosen
                 ON CONFLICT (document_id, topic_id) DO UPDATE
                    SET provider = EXCLUDED.provider, confidence = EXCLUDED.confidence, reason = EXCLUDED.reason,
                        created_at = EXCLUDED.created_at
                  WHERE dt.assigned_by = 'machine'
             )
             UPDATE documents
                SET status = 'ready', stage = NULL, failure = NULL, classification_error = NULL,
                    classification_note = $7, updated_at = now()
              WHERE id = $1",
            job.document_id.0,
            job.id.0,
            provider,
            &ids,
            &confidences,
            &reasons,
            note,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
