//! What was accepted ends `ready` or `failed` with a reason, and once; what was refused leaves nothing:
//! shown with processes that are killed at exact places, and with parts of the system that are away,
//! slow or wrong.
//!
//! Nothing is timed. A store that holds a request, or a lock in PostgreSQL, stops a process where a test
//! wants it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod away_for_a_minute;
mod faulty_store;
mod full_disk;
mod many;
mod parts;
mod poison;
mod restarted;
mod scene;
mod scrub;
mod server_killed;
mod sweeping;
mod unknown_outcome;
mod worker_killed;
