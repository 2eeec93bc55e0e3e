//! The schema and the statements on a real PostgreSQL, one database per test, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod ai_budget;
mod connections;
mod constraints;
mod histories;
mod jobs;
mod log_chain;
mod log_plans;
mod ownership;
mod plans;
mod roles;
mod support;
mod uploads;
