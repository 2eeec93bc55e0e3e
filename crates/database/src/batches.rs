//! Acts on many documents' filing, and what was before them.
//!
//! A document is in the last batch that changed it. Undoing gives it back what it had; a document whose
//! topics a person has set since is in no batch any more (see `set_person_topics`).

use crate::{Correction, Error, UnitOfWork};
use domain::{DocumentId, DocumentStatus, FilingBatchId, JobId, TopicId, UserId};
use uuid::Uuid;

/// A document of a batch, locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InBatch {
    /// Which.
    pub id: DocumentId,
    /// Its status.
    pub status: DocumentStatus,
    /// Whether it has been read.
    pub read: bool,
}

fn topics(ids: Vec<Uuid>) -> Vec<TopicId> {
    ids.into_iter().map(TopicId).collect()
}

impl UnitOfWork {
    /// Locks these of an owner's documents, always in the same order; those that are not there are left out.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn lock_documents(
        &mut self,
        owner: UserId,
        ids: &[DocumentId],
    ) -> Result<Vec<InBatch>, Error> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"SELECT id, status, extracted_at IS NOT NULL AS "read!" FROM documents
                WHERE user_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE"#,
            owner.0,
            &ids,
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(InBatch {
                    id: DocumentId(row.id),
                    status: DocumentStatus::parse(&row.status).ok_or(Error::Corrupt {
                        table: "documents",
                        column: "status",
                        id: row.id,
                    })?,
                    read: row.read,
                })
            })
            .collect()
    }

    /// Begins a batch. Those in which no document is left are forgotten.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn begin_batch(&mut self, owner: UserId, batch: FilingBatchId) -> Result<(), Error> {
        sqlx::query!(
            "DELETE FROM filing_batches b
              WHERE user_id = $1 AND NOT EXISTS (SELECT FROM filing_batch_documents d WHERE d.batch_id = b.id)",
            owner.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO filing_batches (id, user_id) VALUES ($1, $2)",
            batch.0,
            owner.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Notes how a document stands before a batch changes it. It leaves the batch that it was in.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn note_before(
        &mut self,
        batch: FilingBatchId,
        document: DocumentId,
        job: Option<JobId>,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO filing_batch_documents (document_id, batch_id, job_id, before)
             SELECT d.id, $2, $3, jsonb_build_object(
                        'assigned', COALESCE((SELECT jsonb_agg(to_jsonb(t)) FROM document_topics t
                                               WHERE t.document_id = d.id), '[]'),
                        'refused', COALESCE((SELECT jsonb_agg(r.topic_id) FROM document_topic_refusals r
                                              WHERE r.document_id = d.id), '[]'),
                        'error', d.classification_error, 'note', d.classification_note)
               FROM documents d WHERE d.id = $1
             ON CONFLICT (document_id) DO UPDATE
                SET batch_id = EXCLUDED.batch_id, job_id = EXCLUDED.job_id, before = EXCLUDED.before",
            document.0,
            batch.0,
            job.map(|job| job.0),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// The documents that are still in an owner's batch, which is locked; `None` when there is no such batch.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn batch_documents(
        &mut self,
        owner: UserId,
        batch: FilingBatchId,
    ) -> Result<Option<Vec<DocumentId>>, Error> {
        let found = sqlx::query_scalar!(
            "SELECT id FROM filing_batches WHERE user_id = $1 AND id = $2 FOR UPDATE",
            owner.0,
            batch.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        if found.is_none() {
            return Ok(None);
        }
        let ids = sqlx::query_scalar!(
            "SELECT document_id FROM filing_batch_documents WHERE batch_id = $1",
            batch.0,
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        Ok(Some(ids.into_iter().map(DocumentId).collect()))
    }

    /// Gives a locked document of a batch back what it had before, and ends the filing that is still under
    /// way. Gives what a person stands for again, and no longer; `None` when it left the batch.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn restore_before(
        &mut self,
        batch: FilingBatchId,
        document: DocumentId,
    ) -> Result<Option<Correction>, Error> {
        let Some(corrected) = self.persons_before(batch, document).await? else {
            return Ok(None);
        };
        sqlx::query!(
            "DELETE FROM document_topics WHERE document_id = $1",
            document.0
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO document_topics (document_id, topic_id, assigned_by, provider, confidence, reason, created_at)
             SELECT b.document_id, a.topic_id, a.assigned_by, a.provider, a.confidence, a.reason, a.created_at
               FROM filing_batch_documents b
              CROSS JOIN LATERAL jsonb_to_recordset(b.before -> 'assigned')
                 AS a (topic_id uuid, assigned_by text, provider text, confidence real, reason text,
                       created_at timestamptz)
               JOIN topics t ON t.id = a.topic_id
              WHERE b.document_id = $1",
            document.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "DELETE FROM document_topic_refusals WHERE document_id = $1",
            document.0
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO document_topic_refusals (document_id, topic_id)
             SELECT b.document_id, t.id
               FROM filing_batch_documents b
              CROSS JOIN LATERAL jsonb_array_elements_text(b.before -> 'refused') AS r (topic_id)
               JOIN topics t ON t.id = r.topic_id::uuid
              WHERE b.document_id = $1",
            document.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        self.end_filing(document).await?;
        sqlx::query!(
            "DELETE FROM filing_batch_documents WHERE document_id = $1",
            document.0
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(Some(corrected))
    }

    /// What a person said before the batch and not now, and the other way round.
    async fn persons_before(
        &mut self,
        batch: FilingBatchId,
        document: DocumentId,
    ) -> Result<Option<Correction>, Error> {
        let row = sqlx::query!(
            r#"
            WITH before AS (
                SELECT a.topic_id FROM filing_batch_documents b
                 CROSS JOIN LATERAL jsonb_to_recordset(b.before -> 'assigned') AS a (topic_id uuid, assigned_by text)
                  JOIN topics t ON t.id = a.topic_id
                 WHERE b.document_id = $1 AND a.assigned_by = 'person'
            ), present AS (
                SELECT topic_id FROM document_topics WHERE document_id = $1 AND assigned_by = 'person'
            )
            SELECT ARRAY(SELECT topic_id FROM before EXCEPT SELECT topic_id FROM present ORDER BY 1) AS "said!",
                   ARRAY(SELECT topic_id FROM present EXCEPT SELECT topic_id FROM before ORDER BY 1) AS "taken_off!"
              FROM filing_batch_documents WHERE document_id = $1 AND batch_id = $2
            "#,
            document.0,
            batch.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(row.map(|row| Correction {
            said: topics(row.said),
            taken_off: topics(row.taken_off),
        }))
    }

    /// Ends the batch's filing of a document, so that its worker writes nothing any more, and gives the
    /// document its note and error back.
    async fn end_filing(&mut self, document: DocumentId) -> Result<(), Error> {
        let ended = sqlx::query!(
            "UPDATE jobs SET state = 'done', lease_expires_at = NULL, finished_at = now()
              WHERE id = (SELECT job_id FROM filing_batch_documents WHERE document_id = $1)
                AND state IN ('queued', 'running')",
            document.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "UPDATE documents d
                SET status = CASE WHEN $2 THEN 'ready' ELSE d.status END,
                    stage = CASE WHEN $2 THEN NULL ELSE d.stage END,
                    classification_error = b.before ->> 'error', classification_note = b.before ->> 'note',
                    updated_at = now()
               FROM filing_batch_documents b WHERE d.id = $1 AND b.document_id = d.id",
            document.0,
            ended.rows_affected() > 0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Forgets a batch: it was undone.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn end_batch(&mut self, batch: FilingBatchId) -> Result<(), Error> {
        sqlx::query!("DELETE FROM filing_batches WHERE id = $1", batch.0)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}
