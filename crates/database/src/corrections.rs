//! What a person changes about a document: its topics, and that it is read or filed again.

use crate::{Error, NewJob, UnitOfWork};
use domain::{AssignedBy, DocumentId, DocumentStatus, JobId, TopicId, UserId};
use uuid::Uuid;

/// What a person changed about a document's topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Topics that a person now stands for.
    pub said: Vec<TopicId>,
    /// Topics that a person took off.
    pub taken_off: Vec<TopicId>,
}

fn uuids(ids: &[TopicId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

impl UnitOfWork {
    /// Locks one of an owner's documents and gives its status, or `None` when there is no such document.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn lock_document(
        &mut self,
        owner: UserId,
        id: DocumentId,
    ) -> Result<Option<DocumentStatus>, Error> {
        let status = sqlx::query_scalar!(
            "SELECT status FROM documents WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE",
            owner.0,
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

    /// Takes a document out of its batch: what happens to it from here on, undoing the batch must not
    /// overwrite.
    ///
    /// # Errors
    /// When the statement fails.
    async fn leave_batch(&mut self, id: DocumentId) -> Result<(), Error> {
        sqlx::query!(
            "DELETE FROM filing_batch_documents WHERE document_id = $1",
            id.0
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Puts a document back to the beginning and schedules its reading.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn process_again(&mut self, id: DocumentId, job: JobId) -> Result<(), Error> {
        self.leave_batch(id).await?;
        sqlx::query!(
            "UPDATE documents
                SET status = 'pending', stage = NULL, failure = NULL, classification_error = NULL,
                    classification_note = NULL, reading_note = NULL, extracted_at = NULL, updated_at = now()
              WHERE id = $1",
            id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        self.insert_job(&NewJob {
            id: job,
            kind: domain::JobKind::Process,
            document_id: id,
            topics: None,
        })
        .await
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
        self.leave_batch(id).await?;
        sqlx::query!(
            "UPDATE documents SET status = 'processing', stage = 'filing', updated_at = now() WHERE id = $1",
            id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        self.insert_job(&NewJob {
            id: job,
            kind: domain::JobKind::Classify,
            document_id: id,
            topics,
        })
        .await
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

    /// Wants a document that is still being read to be filed afterwards, under these topics or any
    /// (`None`). What was wanted last counts.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn want_filing(
        &mut self,
        id: DocumentId,
        topics: Option<Vec<TopicId>>,
    ) -> Result<(), Error> {
        self.leave_batch(id).await?;
        sqlx::query!(
            "UPDATE documents SET auto_classify = true, updated_at = now() WHERE id = $1",
            id.0
        )
        .execute(&mut *self.transaction)
        .await?;
        let topics: Option<Vec<Uuid>> =
            topics.map(|topics| topics.into_iter().map(|topic| topic.0).collect());
        sqlx::query!(
            "UPDATE jobs SET topic_ids = $2
              WHERE document_id = $1 AND kind = 'process' AND state IN ('queued', 'running')",
            id.0,
            topics.as_deref(),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Makes `topics` what a person says this document is about. Gives those newly said and those
    /// newly taken off, so that the built-in provider can learn.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn set_person_topics(
        &mut self,
        id: DocumentId,
        topics: &[TopicId],
    ) -> Result<Correction, Error> {
        let wanted = uuids(topics);
        self.leave_batch(id).await?;
        let removed = sqlx::query_scalar!(
            "DELETE FROM document_topics WHERE document_id = $1 AND topic_id <> ALL ($2) RETURNING topic_id",
            id.0,
            &wanted,
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let correction = self.write_correction(id, &wanted, removed).await?;
        sqlx::query!(
            "UPDATE documents SET classification_error = NULL, classification_note = NULL, updated_at = now()
              WHERE id = $1",
            id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(correction)
    }

    /// A person puts a document under some topics and takes others off; the rest stays as it is.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn change_person_topics(
        &mut self,
        id: DocumentId,
        add: &[TopicId],
        remove: &[TopicId],
    ) -> Result<Correction, Error> {
        let (add, remove) = (uuids(add), uuids(remove));
        let removed = sqlx::query_scalar!(
            "DELETE FROM document_topics WHERE document_id = $1 AND topic_id = ANY ($2) RETURNING topic_id",
            id.0,
            &remove,
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let correction = self.write_correction(id, &add, removed).await?;
        sqlx::query!(
            "UPDATE documents SET updated_at = now() WHERE id = $1",
            id.0
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(correction)
    }

    /// A person stands for these topics, and refuses those that were taken off.
    async fn write_correction(
        &mut self,
        id: DocumentId,
        wanted: &[Uuid],
        removed: Vec<Uuid>,
    ) -> Result<Correction, Error> {
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
            wanted,
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
            wanted,
            AssignedBy::Person.as_str(),
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        Ok(Correction {
            said: said.into_iter().map(TopicId).collect(),
            taken_off: removed.into_iter().map(TopicId).collect(),
        })
    }
}
