//! `/api/documents`

mod bulk;
mod classify;
mod content;
mod delete;
mod duplicates;
mod get;
mod limits;
mod list;
mod provider_down;
mod reading;
mod retry;
mod set_topics;
mod upload;
