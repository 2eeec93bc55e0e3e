//! The rows, all in one transaction.

use super::{Target, not_vacant};
use crate::{
    Error, Watcher,
    error::{altered, of_file},
    folder::{Folder, PIECE_BYTES},
    manifest::{Manifest, TableFile},
    meter::Meter,
    objects::{Line, List},
};
use database::{Restoration, Table};
use secrecy::ExposeSecret;
use tokio::io::AsyncReadExt;

/// How many keys are named in one statement.
const KEYS_AT_ONCE: usize = 500;

/// Brings every row in, and the schema up to date; gives how many rows, and how many documents were left
/// out.
pub(super) async fn write(
    target: &Target<'_>,
    folder: &Folder,
    manifest: &Manifest,
    watcher: &dyn Watcher,
) -> Result<(u64, u64), Error> {
    let url = target.database_url.expose_secret();
    let mut restoration = Restoration::begin(url, manifest.schema)
        .await?
        .ok_or_else(not_vacant)?;
    let mut rows = 0;
    for (table, file) in matched(restoration.tables().await?, folder, manifest)? {
        watcher.progress(&format!("table {}: {} rows", table.name, file.rows));
        fill(&mut restoration, folder, manifest, &table, file).await?;
        rows += file.rows;
    }
    let named = restoration.objects_named().await?;
    let objects = &manifest.objects;
    let listed = objects.held + objects.lost + objects.gone;
    if u64::try_from(named) != Ok(listed) {
        return Err(altered(
            &folder.list(manifest.export),
            &format!("has {listed} objects, and the rows name {named}."),
        ));
    }
    let removed = without_the_gone(&mut restoration, folder, manifest).await?;
    watcher.progress("bringing the schema up to date");
    restoration.finish().await?;
    Ok((rows, removed))
}

/// Each table with its file. There must be a file for every table that the schema had then, with the
/// columns that it had, and none else.
fn matched<'a>(
    tables: Vec<Table>,
    folder: &Folder,
    manifest: &'a Manifest,
) -> Result<Vec<(Table, &'a TableFile)>, Error> {
    let unfit = || {
        altered(
            &folder.manifest(),
            &format!(
                "does not name the tables of a vault at step {}.",
                manifest.schema
            ),
        )
    };
    if tables.len() != manifest.tables.len() {
        return Err(unfit());
    }
    let with_file = |table: Table| {
        let mut files = manifest.tables.iter();
        let file = files.find(|file| file.name == table.name && file.columns == table.columns);
        file.map(|file| (table, file)).ok_or_else(unfit)
    };
    tables.into_iter().map(with_file).collect()
}

/// Fills a table. What is read is what is compared: a file that changes while it is read is found out.
async fn fill(
    restoration: &mut Restoration,
    folder: &Folder,
    manifest: &Manifest,
    table: &Table,
    right: &TableFile,
) -> Result<(), Error> {
    let path = folder.table(manifest.export, &right.name);
    let (mut file, _) = folder.open(&path).await?;
    let mut copying = restoration.copy_in(table).await?;
    let mut meter = Meter::default();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = file.read(&mut piece).await;
        let read = read.map_err(of_file(&path, "read"))?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else {
            break;
        };
        meter.take(read);
        copying.send(read).await?;
    }
    if meter.sum() != right.file {
        return Err(altered(&path, "was changed."));
    }
    match copying.finish().await? == right.rows {
        true => Ok(()),
        false => Err(altered(&path, "does not have the rows that it should.")),
    }
}

/// Leaves out the documents whose objects were deleted while the export went on: their owners did that.
async fn without_the_gone(
    restoration: &mut Restoration,
    folder: &Folder,
    manifest: &Manifest,
) -> Result<u64, Error> {
    let mut list = List::open(folder, manifest).await?;
    let (mut keys, mut removed) = (Vec::new(), 0);
    while let Some(line) = list.next().await? {
        if let Line::Gone { key } = line {
            keys.push(key);
        }
        if keys.len() == KEYS_AT_ONCE {
            removed += restoration.without_objects(&keys).await?;
            keys.clear();
        }
    }
    Ok(removed + restoration.without_objects(&keys).await?)
}
