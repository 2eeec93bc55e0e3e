//! The background work as people and admins see it.

use crate::{DocumentId, JobKind, JobState, UserId};
use time::OffsetDateTime;

/// How much there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Jobs that wait for their time or for a worker.
    pub waiting: i64,
    /// Jobs that a worker has.
    pub running: i64,
    /// Jobs that were given up.
    pub dead: i64,
    /// Since when the oldest waits.
    pub oldest: Option<OffsetDateTime>,
}

/// A job, or a document that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineJob {
    /// Whose document it is about.
    pub owner: UserId,
    /// Their handle.
    pub owner_handle: String,
    /// The document.
    pub document: DocumentId,
    /// Its name, if it is the reader's own.
    pub document_name: Option<String>,
    /// What is to be done.
    pub kind: JobKind,
    /// Where the job stands. `Dead` for whatever failed for good.
    pub state: JobState,
    /// The document's stage, while it is being processed.
    pub stage: Option<String>,
    /// How often it was begun.
    pub attempts: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// What went wrong, in a sentence for people.
    pub failure: Option<String>,
    /// What went wrong the last time, as the worker saw it.
    pub last_error: Option<String>,
    /// Since when it waits or runs, or when it failed.
    pub since: OffsetDateTime,
    /// When a waiting job is due.
    pub due_at: Option<OffsetDateTime>,
}

/// What was finished in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourOfWork {
    /// When it began.
    pub hour: OffsetDateTime,
    /// How many jobs came to their end in it.
    pub done: i64,
    /// How many were given up in it.
    pub dead: i64,
}
