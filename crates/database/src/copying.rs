//! All rows at once, for `server export` and `server import`: out of the database as it is at one moment,
//! and into one that holds nobody's vault yet.
//!
//! Works on every version of the schema since the first. Its statements are therefore not `query!`'s,
//! which knows the newest alone, and name only columns that were always there. Where a statement has to
//! name any table, PostgreSQL makes its text from its own catalogue; no name comes from a file.

mod catalogue;
mod order;
mod restoration;
mod snapshot;

pub use catalogue::Table;
pub use restoration::{CopyIn, Restoration};
pub use snapshot::{NamedObject, Snapshot};
