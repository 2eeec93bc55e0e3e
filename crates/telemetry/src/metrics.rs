//! What is counted and measured. Every name is here, and in `docs/operations.md`.
//!
//! A process that shows its metrics to nobody counts nothing: these functions then do next to nothing.
//! The values of labels come from short, closed lists (routes are templates, never paths), so that the
//! number of series has an end.

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::time::{Duration, Instant};

/// The version and kind of the process; always 1.
pub const BUILD_INFO: &str = "docuvault_build_info";
/// Whether PostgreSQL answered when the metrics were asked for.
pub const DATABASE_UP: &str = "docuvault_database_up";
/// Whether Redis answered when the metrics were asked for.
pub const REDIS_UP: &str = "docuvault_redis_up";
/// Connections of this process's pool that are in use.
pub const CONNECTIONS_IN_USE: &str = "docuvault_database_connections_in_use";
/// The most that there may be.
pub const CONNECTIONS_MAX: &str = "docuvault_database_connections_max";
/// Jobs of the whole vault by state.
pub const QUEUE_JOBS: &str = "docuvault_queue_jobs";
/// The age of the job that waits longest.
pub const QUEUE_OLDEST: &str = "docuvault_queue_oldest_seconds";
/// How jobs' tries ended.
pub const JOBS: &str = "docuvault_jobs_total";
/// How long the stages of a job took.
pub const STAGES: &str = "docuvault_stage_duration_seconds";
/// How long requests took until the head of their answer.
pub const REQUESTS: &str = "docuvault_http_request_duration_seconds";
/// Errors that callers were told of.
pub const ERRORS: &str = "docuvault_errors_total";
/// Files taken.
pub const UPLOADS: &str = "docuvault_uploads_total";
/// Their bytes.
pub const UPLOAD_BYTES: &str = "docuvault_upload_bytes_total";
/// Calls of filing providers.
pub const PROVIDER_CALLS: &str = "docuvault_provider_calls_total";
/// Tokens that they counted.
pub const PROVIDER_TOKENS: &str = "docuvault_provider_tokens_total";

/// Every metric, and what it says.
pub const ALL: [(&str, &str); 15] = [
    (BUILD_INFO, "Version and kind of this process; always 1."),
    (DATABASE_UP, "Whether PostgreSQL answered just now: 1 or 0."),
    (REDIS_UP, "Whether Redis answered just now: 1 or 0."),
    (
        CONNECTIONS_IN_USE,
        "Connections to PostgreSQL in use by this process.",
    ),
    (
        CONNECTIONS_MAX,
        "Connections to PostgreSQL that this process may have.",
    ),
    (
        QUEUE_JOBS,
        "Jobs of the whole vault that wait, run or were given up.",
    ),
    (
        QUEUE_OLDEST,
        "Age of the job that waits longest; 0 when none does.",
    ),
    (JOBS, "Tries of jobs by this worker, by how they ended."),
    (STAGES, "How long stages of jobs took."),
    (
        REQUESTS,
        "How long requests took until the head of their answer.",
    ),
    (ERRORS, "Errors that callers were told of, by kind."),
    (UPLOADS, "Files taken."),
    (UPLOAD_BYTES, "Bytes of the files taken."),
    (PROVIDER_CALLS, "Calls of filing providers."),
    (
        PROVIDER_TOKENS,
        "Tokens that filing providers say they took.",
    ),
];

/// Upper bounds of the buckets for requests, in seconds.
pub(crate) const REQUEST_BUCKETS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// Upper bounds of the buckets for stages, in seconds.
pub(crate) const STAGE_BUCKETS: [f64; 11] =
    [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

pub(crate) fn describe() {
    for (name, meaning) in ALL {
        match name {
            REQUESTS | STAGES => describe_histogram!(name, meaning),
            name if name.ends_with("_total") => describe_counter!(name, meaning),
            name => describe_gauge!(name, meaning),
        }
    }
}

pub(crate) fn build_info(binary: &'static str) {
    gauge!(BUILD_INFO, "binary" => binary, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// How much there is to do; `None` when PostgreSQL does not say.
pub fn queue(state: Option<Queue>) {
    gauge!(DATABASE_UP).set(if state.is_some() { 1.0 } else { 0.0 });
    let Some(state) = state else { return };
    for (word, count) in [
        ("waiting", state.waiting),
        ("running", state.running),
        ("dead", state.dead),
    ] {
        gauge!(QUEUE_JOBS, "state" => word).set(count as f64);
    }
    gauge!(QUEUE_OLDEST).set(state.oldest.as_secs_f64());
}

/// Whether Redis answers.
pub fn redis(up: bool) {
    gauge!(REDIS_UP).set(if up { 1.0 } else { 0.0 });
}

/// How much there is to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Queue {
    /// Jobs that wait.
    pub waiting: i64,
    /// Jobs that a worker has.
    pub running: i64,
    /// Jobs that were given up.
    pub dead: i64,
    /// How long the oldest waits.
    pub oldest: Duration,
}

/// How many connections are in use, and how many may be.
pub fn connections(in_use: u32, max: u32) {
    gauge!(CONNECTIONS_IN_USE).set(f64::from(in_use));
    gauge!(CONNECTIONS_MAX).set(f64::from(max));
}

/// A request was answered. `route` is a template, `method` one of the known ones.
pub fn request(method: &'static str, route: &str, status: u16, took: Duration) {
    let class = match status {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    };
    histogram!(REQUESTS, "method" => method, "route" => route.to_owned(), "status" => class)
        .record(took.as_secs_f64());
}

/// A caller was told of an error of that kind.
pub fn error(kind: &'static str) {
    counter!(ERRORS, "kind" => kind).increment(1);
}

/// A file was taken.
pub fn upload(bytes: u64) {
    counter!(UPLOADS).increment(1);
    counter!(UPLOAD_BYTES).increment(bytes);
}

/// A try of a job ended that way.
pub fn job(outcome: &'static str) {
    counter!(JOBS, "outcome" => outcome).increment(1);
}

/// Does the work of a stage and measures how long it takes.
///
/// # Errors
/// Those of the work.
pub async fn stage<T, E>(
    stage: &'static str,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let began = Instant::now();
    let done = work.await;
    let outcome = if done.is_ok() { "ok" } else { "stopped" };
    histogram!(STAGES, "stage" => stage, "outcome" => outcome)
        .record(began.elapsed().as_secs_f64());
    done
}

/// A provider was asked to file; how many tokens it says that took, if it says so.
pub fn provider_call(provider: &'static str, answered: bool, tokens: Option<u64>) {
    let outcome = if answered { "answered" } else { "failed" };
    counter!(PROVIDER_CALLS, "provider" => provider, "outcome" => outcome).increment(1);
    if let Some(tokens) = tokens {
        counter!(PROVIDER_TOKENS, "provider" => provider).increment(tokens);
    }
}
