//! What tests stand on: a whole vault of their own, on the real PostgreSQL, Redis and S3 server that
//! `make test` brings up.
//!
//! Every [`TestApp`] has its own database, bucket and Redis keys, so that tests run side by side.
//! The workspace's lints against panics are lifted here: a test that can't go on has failed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

pub mod authenticator;
pub mod bucket;
pub mod client;
pub mod database;
pub mod faulty_store;
pub mod files;
mod methods {
    //! The unsafe methods, so that tests need no HTTP library of their own.
    use reqwest::Method;
    pub const DELETE: Method = Method::DELETE;
    pub const PATCH: Method = Method::PATCH;
    pub const POST: Method = Method::POST;
    pub const PUT: Method = Method::PUT;
}
mod logged;
mod older;
mod people;
mod process;
pub mod relay;
pub mod smtp;
mod vault;

pub use authenticator::{Authenticator, SoftKey};
pub use client::Client;
pub use database::TestDatabase;
pub use faulty_store::{Fault, FaultyStore};
pub use logged::LoggedProcess;
pub use methods::{DELETE, PATCH, POST, PUT};
pub use people::{PASSWORD, join, set_up};
pub use process::{Process, binary, run, run_complaining};
pub use relay::Relay;
pub use supervisor::until;
pub use vault::{Setup, TestApp};

/// How long a test waits for what surely comes, on a busy machine.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// A variable that `make test` sets.
///
/// # Panics
/// When it is not set.
pub fn env(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests with `make test`"))
}
