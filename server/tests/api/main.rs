//! The server from outside, over HTTP: one module per URL, in one binary so that it links once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accounts;
mod activity;
mod admin;
mod authorisation;
mod documents;
mod events;
mod filing_batches;
mod health;
mod openapi;
mod operations;
mod origins;
mod pipeline;
mod policy;
mod problems;
mod settings;
mod support;
mod topics;
