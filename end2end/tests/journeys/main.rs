//! What people do with a vault, in a real browser against a real vault: with scripts and, where it
//! makes sense, without.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod deleting;
mod document;
mod failing;
mod filtering;
mod harness;
mod hostile_words;
mod pages;
mod settings;
mod topics;
mod uploading;
