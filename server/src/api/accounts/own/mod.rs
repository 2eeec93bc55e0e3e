//! One's own account, and what an admin does for others.

pub(crate) mod change_password;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod invite;
