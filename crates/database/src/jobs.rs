//! Background work: the truth about every job. `queue` delivers, this decides.
//!
//! A claim raises `fence`; every later write of that worker names the fence it was given and finds
//! nothing once another claim raised it again. `attempts` is raised by the claim, before the work,
//! so that a job which kills its worker is counted too.

use crate::{Database, Error, UnitOfWork};
use domain::{DocumentId, Job, JobId, JobKind, TopicId};
use std::time::Duration;
use uuid::Uuid;

/// A job to be written.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// To which document.
    pub document_id: DocumentId,
    /// Which topics a classification may choose from; `None` for all.
    pub topics: Option<Vec<TopicId>>,
}

/// What came of a try to claim a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// This worker holds the lease.
    Held(Job),
    /// It was begun as often as allowed and is dead now; its document says so.
    Exhausted {
        /// Whose processing ended.
        document_id: DocumentId,
    },
    /// Its last worker fell silent in the middle of it.
    Left,
    /// Done, dead, gone, not due yet, or in another worker's hands.
    NotMine,
}

/// How a worker's try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    /// The work is done.
    Done,
    /// It did not work this time; try again after the delay.
    Retry {
        /// How long to wait.
        delay: Duration,
        /// Why, for the log and the pipeline page.
        error: String,
    },
    /// It will never work.
    Dead {
        /// Why, for the log and the pipeline page.
        error: String,
    },
}

/// What a document says whose reading was begun too often.
const GAVE_UP_READING: &str = "Reading this file was tried several times and did not come to an end. \
     The file is kept. Try again, or upload it in another format.";

/// What a document says whose filing was begun too often.
const GAVE_UP_FILING: &str = "Filing was tried several times and did not come to an end. \
     The document is kept. Classify it again, or choose its topics yourself.";

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

impl Database {
    /// Takes the job's lease, if it is to be had and no worker fell silent with it: then it is `Left`, to be
    /// taken by [`claim_job`](Self::claim_job).
    ///
    /// # Errors
    /// When the statement fails; then nothing was claimed.
    pub async fn claim_fresh_job(&self, id: JobId, lease: Duration) -> Result<Claim, Error> {
        match self.claim(id, lease, false).await? {
            Claim::NotMine if self.was_left(id).await? => Ok(Claim::Left),
            claim => Ok(claim),
        }
    }

    /// Takes the job's lease, if it is to be had.
    ///
    /// # Errors
    /// When the statement fails; then nothing was claimed.
    pub async fn claim_job(&self, id: JobId, lease: Duration) -> Result<Claim, Error> {
        self.claim(id, lease, true).await
    }

    async fn was_left(&self, id: JobId) -> Result<bool, Error> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM jobs WHERE id = $1 AND state = 'running' AND lease_expires_at <= now())
                   AS "left!""#,
            id.0,
        )
        .fetch_one(&self.pool)
        .await?)
    }

    async fn claim(&self, id: JobId, lease: Duration, even_left: bool) -> Result<Claim, Error> {
        let row = sqlx::query!(
            "UPDATE jobs
                SET state = 'running', attempts = attempts + 1, fence = fence + 1,
                    lease_expires_at = now() + $2::bigint * interval '1 microsecond'
              WHERE id = $1 AND attempts < max_attempts
                AND ((state = 'queued' AND run_at <= now())
                     OR ($3 AND state = 'running' AND lease_expires_at <= now()))
             RETURNING kind, document_id, attempts, max_attempts, fence",
            id.0,
            micros(lease),
            even_left,
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(self
                .bury_if_exhausted(id)
                .await?
                .map_or(Claim::NotMine, |document_id| Claim::Exhausted {
                    document_id,
                }));
        };
        let kind = JobKind::parse(&row.kind).ok_or(Error::Corrupt {
            table: "jobs",
            column: "kind",
            id: id.0,
        })?;
        Ok(Claim::Held(Job {
            id,
            kind,
            document_id: DocumentId(row.document_id),
            attempts: row.attempts,
            max_attempts: row.max_attempts,
            fence: row.fence,
        }))
    }

    /// Ends a job that was begun as often as allowed and is in nobody's hands, and says so on its document.
    async fn bury_if_exhausted(&self, id: JobId) -> Result<Option<DocumentId>, Error> {
        let mut work = self.begin().await?;
        let candidate = sqlx::query!(
            "SELECT document_id FROM jobs
              WHERE id = $1 AND attempts >= max_attempts
                AND (state = 'queued' OR (state = 'running' AND lease_expires_at <= now()))",
            id.0,
        )
        .fetch_optional(&mut *work.transaction)
        .await?;
        let Some(candidate) = candidate else {
            return Ok(None);
        };
        // The document first, as everywhere.
        sqlx::query_scalar!(
            "SELECT id FROM documents WHERE id = $1 FOR NO KEY UPDATE",
            candidate.document_id
        )
        .fetch_optional(&mut *work.transaction)
        .await?;
        let buried = sqlx::query!(
            "UPDATE jobs
                SET state = 'dead', lease_expires_at = NULL, finished_at = now(), fence = fence + 1,
                    last_error = COALESCE(last_error, 'every try ended without a word: the worker was killed')
              WHERE id = $1 AND attempts >= max_attempts
                AND (state = 'queued' OR (state = 'running' AND lease_expires_at <= now()))
             RETURNING kind, document_id",
            id.0,
        )
        .fetch_optional(&mut *work.transaction)
        .await?;
        let Some(buried) = buried else {
            return Ok(None);
        };
        work.give_up(&buried.kind, DocumentId(buried.document_id))
            .await?;
        work.commit().await?;
        Ok(Some(DocumentId(buried.document_id)))
    }

    /// Holds the lease for longer; `false` when it is lost.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn extend_lease(&self, job: &Job, lease: Duration) -> Result<bool, Error> {
        let done = sqlx::query!(
            "UPDATE jobs SET lease_expires_at = now() + $3::bigint * interval '1 microsecond'
              WHERE id = $1 AND fence = $2 AND state = 'running'",
            job.id.0,
            job.fence,
            micros(lease),
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Jobs that ought to be on their way but seem not to be: due and never sent, sent longer than
    /// `stale` ago, or left by a worker whose lease ran out. They are noted as sent now.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn jobs_to_dispatch(&self, stale: Duration, limit: i64) -> Result<Vec<JobId>, Error> {
        let ids = sqlx::query_scalar!(
            "UPDATE jobs SET dispatched_at = now()
              WHERE id IN (
                    SELECT id FROM jobs
                     WHERE ((state = 'queued' AND run_at <= now()) OR (state = 'running' AND lease_expires_at <= now()))
                       AND (dispatched_at IS NULL OR dispatched_at <= now() - $1::bigint * interval '1 microsecond')
                     ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING id",
            micros(stale),
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(JobId).collect())
    }

    /// Whether the job is done, dead or gone.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn job_has_ended(&self, id: JobId) -> Result<bool, Error> {
        let open = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND state IN ('queued', 'running')) AS "open!""#,
            id.0,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(!open)
    }

    /// Removes jobs that were done longer than `age` ago. Dead ones stay until somebody looks at them.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn forget_done_jobs(&self, age: Duration) -> Result<u64, Error> {
        let done = sqlx::query!(
            "DELETE FROM jobs WHERE state = 'done' AND finished_at <= now() - $1::bigint * interval '1 microsecond'",
            micros(age),
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}

impl UnitOfWork {
    /// Writes a job; it runs once this unit of work is committed. Whatever was given up about the same
    /// document needs nobody's attention any more.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn insert_job(&mut self, job: &NewJob) -> Result<(), Error> {
        let topics: Option<Vec<Uuid>> = job
            .topics
            .as_ref()
            .map(|ids| ids.iter().map(|id| id.0).collect());
        sqlx::query!(
            "WITH answered AS (DELETE FROM jobs WHERE document_id = $3 AND state = 'dead')
             INSERT INTO jobs (id, kind, document_id, topic_ids, max_attempts, dispatched_at)
             VALUES ($1, $2, $3, $4, $5, now())",
            job.id.0,
            job.kind.as_str(),
            job.document_id.0,
            topics.as_deref(),
            domain::job::MAX_ATTEMPTS,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Ends this try of a job whose lease is held ([`UnitOfWork::hold_lease`] in the same unit of work).
    ///
    /// # Errors
    /// `LeaseLost` when another worker took it meanwhile.
    pub async fn end_job(&mut self, job: &Job, outcome: &JobOutcome) -> Result<(), Error> {
        let (state, delay, error) = match outcome {
            JobOutcome::Done => ("done", Duration::ZERO, None),
            JobOutcome::Retry { delay, error } => ("queued", *delay, Some(error)),
            JobOutcome::Dead { error } => ("dead", Duration::ZERO, Some(error)),
        };
        let done = sqlx::query!(
            "UPDATE jobs
                SET state = $3, lease_expires_at = NULL, last_error = $4, dispatched_at = NULL,
                    run_at = now() + $5::bigint * interval '1 microsecond',
                    finished_at = CASE WHEN $3 = 'queued' THEN NULL ELSE now() END
              WHERE id = $1 AND fence = $2 AND state = 'running'",
            job.id.0,
            job.fence,
            state,
            error,
            micros(delay),
        )
        .execute(&mut *self.transaction)
        .await?;
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }

    /// Gives a try back uncounted, to be begun again after `delay`: the worker was asked to stop, or
    /// a part of the system is away. `reason` is for the pipeline page.
    ///
    /// # Errors
    /// `LeaseLost` when another worker took it meanwhile.
    pub async fn release_job(
        &mut self,
        job: &Job,
        delay: Duration,
        reason: &str,
    ) -> Result<(), Error> {
        let done = sqlx::query!(
            "UPDATE jobs
                SET state = 'queued', lease_expires_at = NULL, dispatched_at = NULL,
                    run_at = now() + $3::bigint * interval '1 microsecond', attempts = attempts - 1, last_error = $4
              WHERE id = $1 AND fence = $2 AND state = 'running'",
            job.id.0,
            job.fence,
            micros(delay),
            reason,
        )
        .execute(&mut *self.transaction)
        .await?;
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }

    /// Says on the document of a dead job that it was given up.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn give_up(&mut self, kind: &str, document: DocumentId) -> Result<(), Error> {
        if kind == JobKind::Process.as_str() {
            sqlx::query!(
                "UPDATE documents SET status = 'failed', stage = NULL, failure = $2, updated_at = now() WHERE id = $1",
                document.0,
                GAVE_UP_READING,
            )
            .execute(&mut *self.transaction)
            .await?;
        } else {
            sqlx::query!(
                "UPDATE documents
                    SET status = 'ready', stage = NULL, classification_error = $2, updated_at = now()
                  WHERE id = $1",
                document.0,
                GAVE_UP_FILING,
            )
            .execute(&mut *self.transaction)
            .await?;
        }
        Ok(())
    }
}
