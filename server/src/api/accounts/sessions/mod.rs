//! Where somebody is signed in.

pub(crate) mod delete;
pub(crate) mod delete_all;
pub(crate) mod list;
