//! The import: everything is looked at first, then the objects come in, then the rows in one transaction,
//! so that what is to be seen is whole. What breaks off is begun again: objects that came in are kept,
//! and of rows there are none.

mod bucket;
mod check;
mod objects;
mod rows;

use crate::{Error, Watcher, folder::Folder, manifest::Manifest};
use bucket::There;
use database::Database;
use secrecy::{ExposeSecret, SecretString};
use std::{path::Path, sync::Arc};
use storage::StorageBackend;

/// Where to import, and how.
pub struct Target<'a> {
    /// PostgreSQL, as the migrate role: it makes the tables.
    pub database_url: &'a SecretString,
    /// The object store.
    pub storage: Arc<dyn StorageBackend>,
    /// The secret of the vault that it becomes.
    pub secret_key: &'a SecretString,
    /// The one before, if there is one.
    pub previous_secret_key: Option<&'a SecretString>,
    /// Whether every file is read and compared before anything is written.
    pub verify: bool,
    /// Whether it may be that the export was made under another secret.
    pub other_secret_key: bool,
}

/// What an import came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many rows came in.
    pub rows: u64,
    /// How many objects belong to them.
    pub objects: u64,
    /// How many of those were not in the store before.
    pub copied: u64,
    /// How many bytes all have.
    pub bytes: u64,
    /// How many documents were left out, as they were deleted while the export went on.
    pub removed: u64,
    /// How many objects rows name that the export could not have.
    pub lost: u64,
}

/// Makes a vault of an export, in a database and a bucket that hold none.
///
/// # Errors
/// `Refused` when it can't be imported there, `Altered` when the folder does not hold what was exported,
/// or what a part answers. The database is then as it was before.
pub async fn import(
    target: &Target<'_>,
    path: &Path,
    watcher: &dyn Watcher,
) -> Result<Imported, Error> {
    let folder = Folder::to_read(path)?;
    let manifest = Manifest::read(&folder).await?;
    check::manifest(target, &manifest, watcher)?;
    check::list(&folder, &manifest).await?;
    if !Database::is_vacant(target.database_url.expose_secret()).await? {
        return Err(not_vacant());
    }
    let there = There::look(target.storage.as_ref(), &folder, &manifest).await?;
    if target.verify {
        check::files(&folder, &manifest, watcher).await?;
    }
    let copied = objects::write(target, &folder, &manifest, &there, watcher).await?;
    let (rows, removed) = rows::write(target, &folder, &manifest, watcher).await?;
    Ok(Imported {
        rows,
        objects: manifest.objects.held,
        copied,
        bytes: manifest.objects.bytes,
        removed,
        lost: manifest.objects.lost,
    })
}

fn not_vacant() -> Error {
    Error::Refused(
        "This database holds a vault already. An export is imported into a new database: make one, \
         and name it in DATABASE_MIGRATE_URL and DATABASE_URL."
            .to_owned(),
    )
}
