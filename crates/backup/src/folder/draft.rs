//! A file that is being written.

use super::{PIECE_BYTES, private_folder};
use crate::{
    Error,
    error::of_file,
    meter::{Meter, Sum},
};
use std::path::{Path, PathBuf};
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncWriteExt, BufWriter},
};

/// A file that is being written. Dropping it removes it, unless it was put in its place.
pub(crate) struct Draft {
    path: PathBuf,
    file: BufWriter<File>,
    meter: Meter,
}

impl Draft {
    pub(super) async fn at(path: PathBuf) -> Result<Self, Error> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .await
            .map_err(of_file(&path, "written"))?;
        Ok(Self {
            path,
            file: BufWriter::with_capacity(PIECE_BYTES, file),
            meter: Meter::default(),
        })
    }

    /// Writes more of it.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.meter.take(bytes);
        let written = self.file.write_all(bytes).await;
        written.map_err(of_file(&self.path, "written"))
    }

    /// What has been written.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Puts it in its place, instead of what is there.
    pub(crate) async fn put(mut self, place: &Path) -> Result<Sum, Error> {
        let flushed = self.file.flush().await;
        flushed.map_err(of_file(&self.path, "written"))?;
        if let Some(parent) = place.parent() {
            private_folder(parent).map_err(of_file(parent, "made"))?;
        }
        let put = tokio::fs::rename(&self.path, place).await;
        put.map_err(of_file(place, "written"))?;
        Ok(self.meter.sum())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // In its place already, or to be removed by the next export.
        drop(std::fs::remove_file(&self.path));
    }
}
