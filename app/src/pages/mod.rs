//! The pages, one per file, in folders by what they are about.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod admin;
pub(crate) mod documents;
pub(crate) mod not_found;
pub(crate) mod pipeline;
pub(crate) mod settings;
pub(crate) mod topics;
