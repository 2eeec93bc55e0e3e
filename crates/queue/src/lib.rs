//! The job queue: PostgreSQL is the truth, Redis Streams deliver.
//!
//! # What is guaranteed
//!
//! * **No accepted job is lost.** A job is a row, written in the transaction of the change that wants
//!   it. Redis only carries its id. Whatever Redis forgets (restart, `FLUSHALL`, a message never sent
//!   because the server died after its commit) the reconciler sends again from PostgreSQL.
//! * **At least one begin, one effect.** A message may arrive twice and a job may be begun twice. A
//!   claim is one `UPDATE` in PostgreSQL that gives a lease and a fencing token; results are written in
//!   a transaction that locks the document and the job and checks the token, and the same transaction
//!   ends the job. A worker whose lease went to another writes nothing.
//! * **Every begin is counted before the work.** A job that kills its process is dead after
//!   [`domain::job::MAX_ATTEMPTS`] begins, and its document says so.
//! * **A worker that dies is replaced.** Leases are extended by a task of their own; when they run out,
//!   `XAUTOCLAIM` or the reconciler hands the job to another worker.
//! * **Failed tries wait** between zero and a ceiling that doubles (full jitter).
//! * **Stopping is graceful.** A worker asked to stop takes nothing new, finishes what it has within
//!   its grace, and gives the rest back uncounted, to be begun by another at once.
//!
//! Not guaranteed: order, and that a begun job sees the newest settings.
//!
//! # Keys in Redis
//!
//! | key | type | written by | removed by |
//! |---|---|---|---|
//! | `{prefix}:jobs:v1` | stream of `{job: uuid}`, group `workers` | server (after a commit), reconciler | the worker, entry by entry, when a job's try ended |
//! | `{prefix}:events:v1` | pub/sub channel of JSON [`Event`]s | server and worker | nobody; not kept |

mod delivery;
mod events;
mod runner;

pub use delivery::{Delivery, Error, Message};
pub use events::{Event, Events};
pub use runner::{Handler, Runner, RunnerConfig, Verdict};
