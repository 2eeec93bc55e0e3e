//! Whether an export can be imported, and is what was exported.

use super::Target;
use crate::{
    Error, Watcher,
    error::altered,
    folder::Folder,
    key,
    manifest::{Manifest, Objects},
    objects::{Line, List},
    progress::Progress,
};
use database::Database;
use secrecy::SecretString;
use std::path::Path;

/// Whether this vault can take what the manifest names.
pub(super) fn manifest(
    target: &Target<'_>,
    manifest: &Manifest,
    watcher: &dyn Watcher,
) -> Result<(), Error> {
    match maker(target, manifest)? {
        Some(secret) if manifest.is_sealed(secret)? => {}
        Some(_) => return Err(changed("manifest.json was changed since it was written.")),
        None if target.other_secret_key => watcher.finding(
            "The export was made under another SECRET_KEY. Nothing shows whether somebody changed it; \
             authenticator apps and stored API keys have to be set up again.",
        ),
        None => {
            return Err(Error::Refused(
                "The export was made under another SECRET_KEY. With this one, nobody's authenticator app \
                 would work, and no stored API key. Set SECRET_KEY (or SECRET_KEY_PREVIOUS) to that of the \
                 vault that was exported. If it is lost, add --other-secret-key."
                    .to_owned(),
            ));
        }
    }
    if !Database::knows_schema(manifest.schema) {
        return Err(Error::Refused(format!(
            "The export was made by DocuVault {:?}, whose database is newer than this version knows. \
             Update DocuVault first.",
            manifest.application
        )));
    }
    let named = |table: &crate::manifest::TableFile| key::is_table_name(&table.name);
    match manifest.tables.iter().all(named) {
        true => Ok(()),
        false => Err(changed("manifest.json names a table that no vault has.")),
    }
}

/// The secret of ours under which it was made.
fn maker<'a>(target: &Target<'a>, manifest: &Manifest) -> Result<Option<&'a SecretString>, Error> {
    for secret in [Some(target.secret_key), target.previous_secret_key] {
        if let Some(secret) = secret
            && manifest.is_under(secret)?
        {
            return Ok(Some(secret));
        }
    }
    Ok(None)
}

fn changed(what: &str) -> Error {
    Error::Altered(what.to_owned())
}

/// Whether the list of objects is the one that the manifest names, from its first line to its last.
pub(super) async fn list(folder: &Folder, manifest: &Manifest) -> Result<(), Error> {
    let path = folder.list(manifest.export);
    let mut list = List::open(folder, manifest).await?;
    let mut counted = Objects {
        held: 0,
        bytes: 0,
        lost: 0,
        gone: 0,
        list: manifest.objects.list,
    };
    while let Some(line) = list.next().await? {
        match line {
            Line::Held { file, .. } => {
                counted.held += 1;
                counted.bytes = counted.bytes.saturating_add(file.bytes);
            }
            Line::Lost { .. } => counted.lost += 1,
            Line::Gone { .. } => counted.gone += 1,
        }
    }
    match counted == manifest.objects && list.sum() == manifest.objects.list {
        true => Ok(()),
        false => Err(altered(&path, "was changed.")),
    }
}

/// Reads every file, and says of each that is not what it was.
pub(super) async fn files(
    folder: &Folder,
    manifest: &Manifest,
    watcher: &dyn Watcher,
) -> Result<(), Error> {
    let mut wrong = 0_u64;
    for table in &manifest.tables {
        let path = folder.table(manifest.export, &table.name);
        wrong += noted(folder.check(&path, &table.file).await, watcher)?;
    }
    let mut progress = Progress::of(watcher, "checked", manifest.objects.held);
    let mut list = List::open(folder, manifest).await?;
    while let Some(line) = list.next().await? {
        let Line::Held { key, file, .. } = line else {
            continue;
        };
        let path = place(folder, &key)?;
        wrong += noted(folder.check(&path, &file).await, watcher)?;
        progress.one(file.bytes);
    }
    match wrong {
        0 => Ok(()),
        wrong => Err(Error::Altered(format!(
            "{wrong} files of the export are missing or were changed. Nothing was imported."
        ))),
    }
}

/// Where a listed object is.
pub(super) fn place(folder: &Folder, key: &str) -> Result<std::path::PathBuf, Error> {
    let place = folder.object(key);
    place.ok_or_else(|| altered(Path::new(key), "is no key of a vault's."))
}

/// 1 for what is not what it was, which is told; 0 for what is.
fn noted(checked: Result<(), Error>, watcher: &dyn Watcher) -> Result<u64, Error> {
    match checked {
        Ok(()) => Ok(0),
        Err(Error::Altered(what)) => {
            watcher.finding(&what);
            Ok(1)
        }
        Err(error) => Err(error),
    }
}
