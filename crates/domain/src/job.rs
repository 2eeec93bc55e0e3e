//! Background work: what kinds there are, the states a job passes through, and when to try again.

use crate::{DocumentId, JobId};
use std::time::Duration;

/// What is to be done. Jobs carry ids only; everything else is read when the work begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Read a new document, then file it if its uploader wanted that.
    Process,
    /// File a document that has been read.
    Classify,
}

impl JobKind {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Classify => "classify",
        }
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Process, Self::Classify]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waiting for its time or for a worker.
    Queued,
    /// A worker holds its lease.
    Running,
    /// Done.
    Done,
    /// Given up after its last try.
    Dead,
}

impl JobState {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Dead]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// A job whose lease a worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// To which document.
    pub document_id: DocumentId,
    /// How often it was begun, this time included.
    pub attempts: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// The fencing token: every claim gets a higher one, and only writes under the highest count.
    pub fence: i64,
}

/// How often a job is begun before it is given up.
pub const MAX_ATTEMPTS: i32 = 5;

/// The longest wait before the next try, given how often it was begun: 2 s doubled each time, at
/// most 10 minutes. The wait itself is drawn evenly from zero to this ("full jitter", Brooker,
/// "Exponential Backoff And Jitter", AWS 2015), so that jobs that failed together do not return together.
pub fn backoff_ceiling(attempts: i32) -> Duration {
    let doublings = attempts.clamp(1, 16) - 1;
    Duration::from_secs((2_u64 << doublings).min(600))
}
