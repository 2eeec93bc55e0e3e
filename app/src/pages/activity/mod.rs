//! What people did: one's own log, and for admins everybody's.

mod entry;
mod everybodys;
mod filter;
mod own;
mod words;

pub(crate) use everybodys::EverybodysActivityPage;
pub(crate) use own::ActivityPage;
