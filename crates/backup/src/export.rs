//! The export: rows of one moment, then the objects that they name, then the manifest.

mod objects;
mod rows;

use crate::{
    Error, Watcher,
    folder::Folder,
    manifest::{FORMAT, Manifest},
    meter::Digest,
    objects::List,
    secret,
};
use database::Snapshot;
use secrecy::{ExposeSecret, SecretString};
use std::{path::Path, sync::Arc};
use storage::StorageBackend;
use time::OffsetDateTime;
use uuid::Uuid;

/// What is exported.
pub struct Source<'a> {
    /// PostgreSQL, as the migrate role: it owns the tables.
    pub database_url: &'a SecretString,
    /// The object store.
    pub storage: Arc<dyn StorageBackend>,
    /// The vault's own secret.
    pub secret_key: &'a SecretString,
    /// The version of DocuVault.
    pub application: &'a str,
    /// The present.
    pub now: OffsetDateTime,
}

/// What an export came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many tables were written.
    pub tables: u64,
    /// How many rows.
    pub rows: u64,
    /// How many objects the folder holds.
    pub objects: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many of them were not in the folder before.
    pub copied: u64,
    /// How many were deleted by people while the export went on.
    pub gone: u64,
    /// How many could not be had, or only damaged.
    pub lost: u64,
}

/// Writes a vault's copy into a folder. Where the folder holds one, objects in it that are whole are kept,
/// and the copy before is there until the new one is.
///
/// # Errors
/// `Refused` when the folder is not for exports, or what a part answers.
pub async fn export(
    source: &Source<'_>,
    path: &Path,
    watcher: &dyn Watcher,
) -> Result<Exported, Error> {
    let folder = Folder::to_write(path)?;
    let before = before(&folder, source.secret_key).await;
    let export = Uuid::new_v4();
    let mut snapshot = Snapshot::take(source.database_url.expose_secret()).await?;
    let schema = snapshot.schema().await?.ok_or_else(|| {
        Error::Refused("This database has no vault in it: no migration was applied.".to_owned())
    })?;
    let tables = rows::write(&folder, export, &mut snapshot, watcher).await?;
    let wanted = objects::wanted(&folder, &mut snapshot).await?;
    // The database need not keep that moment while the objects are copied.
    drop(snapshot);
    let (objects, copied) =
        objects::write(source, &folder, export, wanted, before, watcher).await?;
    let exported = Exported {
        tables: tables.len() as u64,
        rows: tables.iter().map(|table| table.rows).sum(),
        objects: objects.held,
        bytes: objects.bytes,
        copied,
        gone: objects.gone,
        lost: objects.lost,
    };
    let manifest = Manifest {
        format: FORMAT,
        application: source.application.to_owned(),
        made_at: source.now,
        export,
        schema,
        tables,
        objects,
        secret_key_check: secret::check_value(source.secret_key)?,
        seal: Digest::default(),
    };
    publish(&folder, &manifest.sealed(source.secret_key)?).await?;
    Ok(exported)
}

/// The list of the export that the folder holds already, if it is as it was written.
async fn before(folder: &Folder, secret: &SecretString) -> Option<List> {
    let manifest = Manifest::read(folder).await.ok()?;
    let list = folder.list(manifest.export);
    let sealed = manifest.is_sealed(secret).ok()?;
    let whole = sealed && folder.check(&list, &manifest.objects.list).await.is_ok();
    match whole {
        true => List::open(folder, &manifest).await.ok(),
        false => None,
    }
}

/// From here on the folder holds this export instead of the one before.
async fn publish(folder: &Folder, manifest: &Manifest) -> Result<(), Error> {
    // What the manifest names is on the disk before the manifest is.
    folder.settle().await?;
    let mut draft = folder.draft().await?;
    draft.write(&manifest.text()?).await?;
    draft.put(&folder.manifest()).await?;
    folder.settle().await?;
    folder.forget_others(manifest.export)
}
