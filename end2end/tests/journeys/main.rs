//! What people do with a vault, in a real browser against a real vault: with scripts and, where it
//! makes sense, without.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod activity;
mod admin;
mod bulk;
mod deleting;
mod document;
mod failing;
mod files;
mod filtering;
mod harness;
mod hostile_words;
mod keyboard;
mod mail;
mod moving;
mod pages;
mod passkeys;
mod pipeline;
mod second_factor;
mod settings;
mod topics;
mod uploading;
