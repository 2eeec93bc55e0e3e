//! Looking at the background work: of one owner's documents, or of everybody's.
//!
//! Names of documents come only to their owner; what a worker saw (it may name parts of the installation),
//! only to those who look at everybody's.

use crate::{Database, Error, UnitOfWork};
use domain::{DocumentId, HourOfWork, JobKind, JobState, PipelineJob, QueueState, TopicId, UserId};
use time::OffsetDateTime;
use uuid::Uuid;

struct JobRow {
    owner: Uuid,
    handle: String,
    document: Uuid,
    name: Option<String>,
    kind: String,
    state: String,
    stage: Option<String>,
    attempts: i32,
    max_attempts: i32,
    failure: Option<String>,
    last_error: Option<String>,
    since: OffsetDateTime,
    due_at: Option<OffsetDateTime>,
}

impl TryFrom<JobRow> for PipelineJob {
    type Error = Error;

    fn try_from(row: JobRow) -> Result<Self, Error> {
        let corrupt = |column| Error::Corrupt {
            table: "jobs",
            column,
            id: row.document,
        };
        Ok(Self {
            owner: UserId(row.owner),
            owner_handle: row.handle,
            document: DocumentId(row.document),
            document_name: row.name,
            kind: JobKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
            state: JobState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
            stage: row.stage,
            attempts: row.attempts,
            max_attempts: row.max_attempts,
            failure: row.failure,
            last_error: row.last_error,
            since: row.since,
            due_at: row.due_at,
        })
    }
}

fn jobs(rows: Vec<JobRow>) -> Result<Vec<PipelineJob>, Error> {
    rows.into_iter().map(PipelineJob::try_from).collect()
}

/// A filing that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// The topics that it was restricted to, if it was.
    pub only: Option<Vec<TopicId>>,
}

impl UnitOfWork {
    /// The filing of a document that was given up last, if one was.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn filing_given_up(
        &mut self,
        document: DocumentId,
    ) -> Result<Option<GivenUp>, Error> {
        let row = sqlx::query!(
            "SELECT topic_ids FROM jobs WHERE document_id = $1 AND state = 'dead' AND kind = 'classify'
              ORDER BY created_at DESC LIMIT 1",
            document.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        Ok(row.map(|row| GivenUp {
            only: row
                .topic_ids
                .map(|ids| ids.into_iter().map(TopicId).collect()),
        }))
    }
}

impl Database {
    /// How much there is to do for everybody.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn queue_state(&self) -> Result<QueueState, Error> {
        let row = sqlx::query!(
            r#"SELECT (SELECT count(*) FROM jobs WHERE state = 'queued') AS "waiting!",
                      (SELECT count(*) FROM jobs WHERE state = 'running') AS "running!",
                      (SELECT count(*) FROM jobs WHERE state = 'dead') AS "dead!",
                      (SELECT min(created_at) FROM jobs WHERE state = 'queued') AS oldest"#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(QueueState {
            waiting: row.waiting,
            running: row.running,
            dead: row.dead,
            oldest: row.oldest,
        })
    }

    /// How much there is to do for one owner.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn queue_state_of(&self, owner: UserId) -> Result<QueueState, Error> {
        let row = sqlx::query!(
            r#"WITH open AS (
                   SELECT j.state, j.created_at FROM jobs j JOIN documents d ON d.id = j.document_id
                    WHERE j.state = 'queued' AND d.user_id = $1
                   UNION ALL
                   SELECT j.state, j.created_at FROM jobs j JOIN documents d ON d.id = j.document_id
                    WHERE j.state = 'running' AND d.user_id = $1
                   UNION ALL
                   SELECT j.state, j.created_at FROM jobs j JOIN documents d ON d.id = j.document_id
                    WHERE j.state = 'dead' AND d.user_id = $1
               )
               SELECT count(*) FILTER (WHERE state = 'queued') AS "waiting!",
                      count(*) FILTER (WHERE state = 'running') AS "running!",
                      count(*) FILTER (WHERE state = 'dead') AS "dead!",
                      min(created_at) FILTER (WHERE state = 'queued') AS oldest
                 FROM open"#,
            owner.0,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(QueueState {
            waiting: row.waiting,
            running: row.running,
            dead: row.dead,
            oldest: row.oldest,
        })
    }

    /// The jobs that run or wait, those that run first, then the oldest; of one owner or of all.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn open_jobs(
        &self,
        owner: Option<UserId>,
        limit: i64,
    ) -> Result<Vec<PipelineJob>, Error> {
        let rows = sqlx::query_as!(
            JobRow,
            r#"SELECT d.user_id AS "owner!", u.handle AS "handle!", d.id AS "document!",
                      CASE WHEN d.user_id = $1 THEN d.filename END AS name, j.kind AS "kind!", j.state AS "state!",
                      d.stage, j.attempts AS "attempts!", j.max_attempts AS "max_attempts!",
                      NULL::text AS failure, CASE WHEN $1::uuid IS NULL THEN j.last_error END AS last_error,
                      j.created_at AS "since!", j.run_at AS due_at
                 FROM jobs j
                 JOIN documents d ON d.id = j.document_id
                 JOIN users u ON u.id = d.user_id
                WHERE (j.state = 'queued' OR j.state = 'running') AND ($1::uuid IS NULL OR d.user_id = $1)
                ORDER BY j.state DESC, j.created_at, j.id
                LIMIT $2"#,
            owner.map(|owner| owner.0),
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        jobs(rows)
    }

    /// What failed for good and was not tried again since: documents that could not be read, and jobs of
    /// others that were given up. The newest first; of one owner or of all.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn failures(
        &self,
        owner: Option<UserId>,
        limit: i64,
    ) -> Result<Vec<PipelineJob>, Error> {
        let rows = sqlx::query_as!(
            JobRow,
            r#"WITH failed AS (
                   (SELECT d.id, d.user_id, d.filename, d.failure, d.updated_at AS at, 'process' AS kind,
                           NULL::uuid AS job
                      FROM documents d WHERE d.failure IS NOT NULL AND ($1::uuid IS NULL OR d.user_id = $1)
                     ORDER BY d.updated_at DESC LIMIT $2)
                   UNION ALL
                   (SELECT d.id, d.user_id, d.filename, d.classification_error, j.finished_at, j.kind, j.id
                      FROM jobs j JOIN documents d ON d.id = j.document_id
                     WHERE j.state = 'dead' AND d.status <> 'failed' AND ($1::uuid IS NULL OR d.user_id = $1)
                     ORDER BY j.finished_at DESC LIMIT $2)
               )
               SELECT f.user_id AS "owner!", u.handle AS "handle!", f.id AS "document!",
                      CASE WHEN f.user_id = $1 THEN f.filename END AS name, f.kind AS "kind!", 'dead' AS "state!",
                      NULL::text AS stage, COALESCE(last.attempts, 0) AS "attempts!",
                      COALESCE(last.max_attempts, 0) AS "max_attempts!",
                      f.failure,
                      CASE WHEN $1::uuid IS NULL THEN last.last_error END AS last_error,
                      f.at AS "since!", NULL::timestamptz AS due_at
                 FROM failed f
                 JOIN users u ON u.id = f.user_id
                 LEFT JOIN LATERAL (
                      SELECT attempts, max_attempts, last_error FROM jobs j
                       WHERE j.document_id = f.id AND (f.job IS NULL OR j.id = f.job)
                       ORDER BY j.created_at DESC LIMIT 1) last ON true
                ORDER BY f.at DESC, f.id
                LIMIT $2"#,
            owner.map(|owner| owner.0),
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        jobs(rows)
    }

    /// How many there are of those.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn count_failures(&self, owner: Option<UserId>) -> Result<i64, Error> {
        let count = sqlx::query_scalar!(
            r#"SELECT (SELECT count(*) FROM documents d
                        WHERE d.failure IS NOT NULL AND ($1::uuid IS NULL OR d.user_id = $1))
                    + (SELECT count(*) FROM jobs j JOIN documents d ON d.id = j.document_id
                        WHERE j.state = 'dead' AND d.status <> 'failed' AND ($1::uuid IS NULL OR d.user_id = $1))
                   AS "count!""#,
            owner.map(|owner| owner.0),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(count)
    }

    /// What was finished in each of the last 24 hours (by UTC), the one that has begun included.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hours_of_work(&self) -> Result<Vec<HourOfWork>, Error> {
        let rows = sqlx::query!(
            r#"WITH hours AS (
                   SELECT hour FROM generate_series(
                       date_trunc('hour', now(), 'UTC') - interval '23 hours', now(), interval '1 hour') AS hour
               ), finished AS (
                   SELECT date_trunc('hour', finished_at, 'UTC') AS hour, 1 AS done, 0 AS dead FROM jobs
                    WHERE state = 'done' AND finished_at >= (SELECT min(hour) FROM hours)
                   UNION ALL
                   SELECT date_trunc('hour', finished_at, 'UTC'), 0, 1 FROM jobs
                    WHERE state = 'dead' AND finished_at >= (SELECT min(hour) FROM hours)
               )
               SELECT hour AS "hour!", COALESCE(sum(done), 0) AS "done!", COALESCE(sum(dead), 0) AS "dead!"
                 FROM hours LEFT JOIN finished USING (hour) GROUP BY hour ORDER BY hour"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| HourOfWork {
                hour: row.hour,
                done: row.done,
                dead: row.dead,
            })
            .collect())
    }

    /// How many connections to PostgreSQL are in use, and how many may be.
    pub fn connections(&self) -> (u32, u32) {
        self.pool.in_use()
    }
}
