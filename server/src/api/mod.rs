//! The JSON API: one folder per resource, one file per act.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod admin;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod filing_batches;
pub(crate) mod health;
pub(crate) mod pipeline;
pub(crate) mod settings;
pub(crate) mod topics;

use axum::Json;

/// What a handler of the JSON API gives.
pub(crate) type Answer<T> = Result<Json<T>, crate::problem::ApiError>;
