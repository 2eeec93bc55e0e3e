//! Brings up what DocuVault stands on, PostgreSQL, Redis and an S3 server, for one developer on
//! one machine, and takes it down again.
//!
//! For development, tests and benchmarks only: a real installation has its own three. Each of
//! [`Postgres`], [`Redis`] and [`ObjectStore`] can be started alone, stopped in mid-flight and
//! started again on the same port with the same data, which is how tests show what an outage does.
//!
//! Nothing outlives its owner. `stop` ends a service in order; dropping one ends it at once; and
//! should the owner be killed, the kernel tells its children (where `setpriv` is installed). The
//! kernel watches the thread that started a child, so start services from a thread that stays.

mod account;
mod answers;
mod descendants;
mod first_admin;
mod kept;
mod object_store;
mod postgres;
mod process;
mod redis;
mod services;
mod waiting;

pub use answers::accepted;
pub use descendants::{descendants, is_alive};
pub use first_admin::Admin;
pub use kept::{Kept, kept_secret, lines, write_private};
pub use object_store::{KeyPair, ObjectStore, S3Server, serve_at};
pub use postgres::Postgres;
pub use process::{Program, Running, watched_command};
pub use redis::Redis;
pub use services::Services;
pub use waiting::until;

/// What the services are started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The data is to survive a power cut, as far as the service can.
    Keep,
    /// The data is thrown away: no waiting for the disk, and the migrate role may create databases,
    /// because every test has its own.
    Throwaway,
}
