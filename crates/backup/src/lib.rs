//! A vault's copy in a folder: [`export`] writes it, [`import`] makes a vault of it.
//!
//! ```text
//! manifest.json                   what there is; written last, replaced as a whole
//! database/{export}/{table}.copy  a table's rows in PostgreSQL's text form
//! database/{export}/objects.jsonl every object that the rows name, one a line, by key
//! objects/{key}                   an object's bytes
//! ```
//!
//! Everything is reached from the manifest by SHA-256, and the manifest carries an HMAC under a key
//! derived from `SECRET_KEY`: whoever changes the folder without that key is found out. A folder whose
//! export broke off still holds the export before: nothing that a manifest names is ever written over.
//!
//! What is in the folder is a stranger's file to the import: names lead nowhere but into the folder,
//! tables and columns have to be the schema's own, lines have a longest length, links are not followed.
//! The rules are here; reading rows and writing them is `database`'s.

mod error;
mod export;
mod folder;
mod import;
mod key;
mod lines;
mod manifest;
mod meter;
mod objects;
mod progress;
mod secret;

pub use error::Error;
pub use export::{Exported, Source, export};
pub use import::{Imported, Target, import};
pub use progress::Watcher;
