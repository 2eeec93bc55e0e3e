//! The rows, table by table.

use crate::{Error, Watcher, folder::Folder, key, manifest::TableFile};
use database::Snapshot;
use futures::TryStreamExt;
use uuid::Uuid;

/// Writes every table into a file.
pub(super) async fn write(
    folder: &Folder,
    export: Uuid,
    snapshot: &mut Snapshot,
    watcher: &dyn Watcher,
) -> Result<Vec<TableFile>, Error> {
    let mut files = Vec::new();
    for table in snapshot.tables().await? {
        if !key::is_table_name(&table.name) {
            return Err(Error::Refused(format!(
                "The database has a table {:?}, which is none of DocuVault's.",
                table.name
            )));
        }
        let mut draft = folder.draft().await?;
        let mut rows = snapshot.rows(&table).await?;
        while let Some(row) = rows.try_next().await? {
            draft.write(&row).await?;
        }
        drop(rows);
        // A line break in a value is written as two other characters: each row is a line.
        let rows = draft.meter().lines();
        let file = draft.put(&folder.table(export, &table.name)).await?;
        watcher.progress(&format!("table {}: {rows} rows", table.name));
        files.push(TableFile {
            name: table.name,
            columns: table.columns,
            rows,
            file,
        });
    }
    Ok(files)
}
