//! The background work: what runs, what waits, what failed.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// How the background work stands.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Pipeline {
    /// How many jobs wait for their time or for a worker.
    pub waiting: i64,
    /// How many a worker has.
    pub running: i64,
    /// How many documents need attention: they could not be read, or their filing was given up.
    pub failed: i64,
    /// Since when the oldest job waits.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub oldest_waiting_since: Option<OffsetDateTime>,
    /// The same as an age in seconds.
    pub oldest_waiting_seconds: Option<i64>,
    /// Jobs that run or wait, those that run first, then the oldest; 50 at most.
    pub jobs: Vec<PipelineJob>,
    /// What needs attention, the newest first; 50 at most.
    pub failures: Vec<PipelineJob>,
    /// What was finished in each of the last 24 hours, the oldest first. Empty in one's own view.
    pub hours: Vec<PipelineHour>,
}

/// A job, or what is left of one that failed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct PipelineJob {
    /// The document that it is about.
    pub document_id: Uuid,
    /// Its file's name, in its owner's view alone.
    #[schema(example = "letter.pdf")]
    pub document_name: Option<String>,
    /// The owner's handle.
    #[schema(example = "ada")]
    pub owner: String,
    /// `process` (read, then file) or `classify` (file).
    #[schema(example = "process")]
    pub kind: String,
    /// `queued`, `running` or `dead`.
    #[schema(example = "queued")]
    pub state: String,
    /// `reading` or `filing`, while it runs.
    pub stage: Option<String>,
    /// How often it was begun.
    pub attempts: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// What its owner is told of what went wrong.
    pub failure: Option<String>,
    /// What went wrong the last time, as the worker saw it.
    pub last_error: Option<String>,
    /// Since when it waits or runs, or when it failed.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub since: OffsetDateTime,
    /// Not before then.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<OffsetDateTime>,
}

/// What was finished in an hour.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct PipelineHour {
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub hour: OffsetDateTime,
    /// Jobs that came to their end.
    pub done: i64,
    /// Jobs that were given up.
    pub dead: i64,
}

/// What is tried again.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Retried {
    /// How many documents.
    pub retried: i64,
    /// How many still need attention. More than 0 means: there were so many, ask again.
    pub left: i64,
}

impl From<domain::PipelineJob> for PipelineJob {
    fn from(job: domain::PipelineJob) -> Self {
        Self {
            document_id: job.document.0,
            document_name: job.document_name,
            owner: job.owner_handle,
            kind: job.kind.as_str().to_owned(),
            state: job.state.as_str().to_owned(),
            stage: job.stage,
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            failure: job.failure,
            last_error: job.last_error,
            since: job.since,
            due_at: job.due_at,
        }
    }
}

impl From<domain::HourOfWork> for PipelineHour {
    fn from(hour: domain::HourOfWork) -> Self {
        Self {
            hour: hour.hour,
            done: hour.done,
            dead: hour.dead,
        }
    }
}
