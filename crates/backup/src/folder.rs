//! The folder of an export: what lies where in it, and how files come into it. A file is written beside
//! its place and put there as a whole; nobody but its owner may read it.

mod draft;

pub(crate) use draft::Draft;

use crate::{
    Error,
    error::{altered, of_file},
    key,
    meter::{Meter, Sum},
};
use std::{
    fs::{self, DirBuilder, Permissions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use tokio::{fs::File, io::AsyncReadExt};
use uuid::Uuid;

/// Names what the folder holds.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Tells that a folder is ours to write into, and is locked while somebody does.
const MARKER: &str = ".docuvault-export";

const DATABASE: &str = "database";
const OBJECTS: &str = "objects";
const DRAFTS: &str = "unfinished";

/// How much of a file is read at once.
pub(crate) const PIECE_BYTES: usize = 128 * 1024;

/// An export's folder.
pub(crate) struct Folder {
    /// Without links in it.
    root: PathBuf,
    /// Locked for as long as this lives, by whoever writes.
    _marker: Option<fs::File>,
}

impl Folder {
    /// A folder to write an export into: a new one, an empty one, or one that holds an export.
    pub(crate) fn to_write(path: &Path) -> Result<Self, Error> {
        private_folder(path).map_err(of_file(path, "made"))?;
        let root = fs::canonicalize(path).map_err(of_file(path, "read"))?;
        let marker = root.join(MARKER);
        if !marker.exists() && !is_empty(&root).map_err(of_file(&root, "read"))? {
            return Err(Error::Refused(format!(
                "{} holds something else already. Name a folder that is new or empty, or one that \
                 an export was written into before.",
                root.display()
            )));
        }
        fs::set_permissions(&root, Permissions::from_mode(0o700))
            .map_err(of_file(&root, "made private"))?;
        let marker = lock(&marker)?;
        let folder = Self {
            root,
            _marker: Some(marker),
        };
        folder.without_drafts()?;
        Ok(folder)
    }

    /// A folder to read an export from.
    pub(crate) fn to_read(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            root: fs::canonicalize(path).map_err(of_file(path, "read"))?,
            _marker: None,
        })
    }

    /// Nobody else writes here: what lies about is of an export that broke off.
    fn without_drafts(&self) -> Result<(), Error> {
        let drafts = self.root.join(DRAFTS);
        match fs::remove_dir_all(&drafts) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                Err(of_file(&drafts, "removed")(cause))
            }
            _ => private_folder(&drafts).map_err(of_file(&drafts, "made")),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.root.join(MANIFEST)
    }

    /// Where an export has a table's rows. The name must be one for which
    /// [`is_table_name`](key::is_table_name) holds.
    pub(crate) fn table(&self, export: Uuid, name: &str) -> PathBuf {
        self.rows(export).join(format!("{name}.copy"))
    }

    /// Where an export has its list of objects.
    pub(crate) fn list(&self, export: Uuid) -> PathBuf {
        self.rows(export).join("objects.jsonl")
    }

    /// Where the list lies of what is to be exported, while that goes on.
    pub(crate) fn wanted(&self) -> PathBuf {
        self.root.join(DRAFTS).join("wanted.jsonl")
    }

    fn rows(&self, export: Uuid) -> PathBuf {
        self.root.join(DATABASE).join(export.to_string())
    }

    /// Where an object's bytes are; `None` for what is no key of the vault's making.
    pub(crate) fn object(&self, key: &str) -> Option<PathBuf> {
        Some(self.root.join(OBJECTS).join(key::path_of(key)?))
    }

    /// A file to be written, which will have its place later.
    pub(crate) async fn draft(&self) -> Result<Draft, Error> {
        Draft::at(self.root.join(DRAFTS).join(Uuid::new_v4().to_string())).await
    }

    /// Waits until everything that was written is on the disk.
    pub(crate) async fn settle(&self) -> Result<(), Error> {
        let root = self.root.clone();
        let settled = tokio::task::spawn_blocking(move || -> io::Result<()> {
            rustix::fs::syncfs(fs::File::open(root)?)?;
            Ok(())
        });
        let settled = settled.await.map_err(io::Error::other);
        settled.flatten().map_err(of_file(&self.root, "written"))
    }

    /// Removes the rows of every export but this one.
    pub(crate) fn forget_others(&self, export: Uuid) -> Result<(), Error> {
        let all = self.root.join(DATABASE);
        let forget = || -> io::Result<()> {
            for entry in fs::read_dir(&all)? {
                let entry = entry?;
                let name = entry.file_name();
                let of = name.to_str().and_then(|name| Uuid::parse_str(name).ok());
                if of.is_some_and(|id| id != export) {
                    fs::remove_dir_all(entry.path())?;
                }
            }
            Ok(())
        };
        forget().map_err(of_file(&all, "cleared"))
    }

    /// Opens a file of the folder, and says how many bytes it has.
    pub(crate) async fn open(&self, path: &Path) -> Result<(File, u64), Error> {
        let real = match tokio::fs::canonicalize(path).await {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                return Err(altered(path, "is missing."));
            }
            real => real.map_err(of_file(path, "read"))?,
        };
        // A link could lead to any file of this machine, and reading from a pipe would never end.
        let metadata = tokio::fs::symlink_metadata(path).await;
        let metadata = metadata.map_err(of_file(path, "read"))?;
        if real != path || !metadata.is_file() {
            return Err(altered(path, "is not a file of its own."));
        }
        let file = File::open(path).await.map_err(of_file(path, "read"))?;
        Ok((file, metadata.len()))
    }

    /// A file that has no more bytes than that.
    pub(crate) async fn read_small(&self, path: &Path, most: u64) -> Result<Vec<u8>, Error> {
        let (file, bytes) = self.open(path).await?;
        if bytes > most {
            return Err(altered(path, "is far too large."));
        }
        let mut text = Vec::new();
        file.take(most)
            .read_to_end(&mut text)
            .await
            .map_err(of_file(path, "read"))?;
        Ok(text)
    }

    /// Reads a file and compares it with what it must be.
    ///
    /// # Errors
    /// `Altered` when it is not that.
    pub(crate) async fn check(&self, path: &Path, right: &Sum) -> Result<(), Error> {
        let (mut file, bytes) = self.open(path).await?;
        if bytes != right.bytes {
            let right = right.bytes;
            let what = format!("has {bytes} bytes instead of {right}.");
            return Err(altered(path, &what));
        }
        let mut meter = Meter::default();
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = file.read(&mut piece).await;
            let read = read.map_err(of_file(path, "read"))?;
            match piece.get(..read) {
                Some(read) if !read.is_empty() => meter.take(read),
                _ => break,
            }
        }
        match meter.sum() == *right {
            true => Ok(()),
            false => Err(altered(path, "was changed.")),
        }
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn is_empty(path: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(path)?.next().is_none())
}

fn lock(marker: &Path) -> Result<fs::File, Error> {
    let file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(marker)
        .map_err(of_file(marker, "written"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Refused(
            "Another export is being written into this folder. Wait until it is done.".to_owned(),
        )),
        Err(TryLockError::Error(cause)) => Err(of_file(marker, "locked")(cause)),
    }
}
