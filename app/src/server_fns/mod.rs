//! The server functions: each takes the services and the caller, calls one method, converts.
//!
//! Every path is written out; the defaults depend on where the code was built.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod admin;
pub(crate) mod bulk;
pub(crate) mod documents;
pub(crate) mod mail;
pub(crate) mod multipart;
pub(crate) mod passkeys;
pub(crate) mod pipeline;
pub(crate) mod scrub;
pub(crate) mod second_factor;
pub(crate) mod settings;
pub(crate) mod tokens;
pub(crate) mod topics;
