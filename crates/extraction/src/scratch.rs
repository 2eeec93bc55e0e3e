//! The private directory of one run, and those that killed workers left behind.

use crate::Failure;
use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

const PREFIX: &str = "docuvault-extract-";
/// A sweeper may catch a directory in the moment before it is locked; then another one is made.
const TRIES: usize = 3;

/// A directory that only its owner can enter; it goes when this is dropped. The lock tells other
/// workers that it is in use: the kernel takes it away from a process that was killed.
#[derive(Debug)]
pub struct Scratch {
    directory: TempDir,
    _lock: File,
}

impl Scratch {
    /// Makes one.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn new() -> Result<Self, Failure> {
        for _ in 0..TRIES {
            let made = Self::make()
                .map_err(|e| Failure::of_temporary("no temporary directory could be made", &e))?;
            if let Some(scratch) = made {
                return Ok(scratch);
            }
        }
        Err(Failure::transient(
            "every temporary directory was swept away",
        ))
    }

    fn make() -> io::Result<Option<Self>> {
        let directory = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(Permissions::from_mode(0o700))
            .tempdir()?;
        let lock = match File::open(directory.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        lock.lock()?;
        Ok(directory.path().exists().then_some(Self {
            directory,
            _lock: lock,
        }))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Removes the directory away from the async threads. A killed process may still be writing for a
    /// moment, hence more than one try.
    pub(crate) async fn remove(self) {
        let removed = tokio::task::spawn_blocking(move || {
            (0..100).any(|_| match std::fs::remove_dir_all(self.path()) {
                Ok(()) => true,
                Err(_) => {
                    std::thread::yield_now();
                    false
                }
            })
        })
        .await;
        if !matches!(removed, Ok(true)) {
            tracing::warn!("a temporary directory of the extraction could not be removed");
        }
    }
}

/// How many bytes can still be written where this is.
pub(crate) fn room(path: &Path) -> io::Result<u64> {
    let about = rustix::fs::statvfs(path)?;
    Ok(about.f_bavail.saturating_mul(about.f_frsize))
}

/// How many bytes there is room for in the folder for temporary files, when nothing else is in it.
///
/// # Errors
/// When the folder is not there.
pub fn temporary_space() -> io::Result<u64> {
    let about = rustix::fs::statvfs(std::env::temp_dir().as_path())?;
    Ok(about.f_blocks.saturating_mul(about.f_frsize))
}

/// Removes the directories of workers that were killed. What can't be removed stays for another time
/// or another user.
pub(crate) fn sweep() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let _others_or_in_use = remove_if_abandoned(&entry.path());
        }
    }
}

fn remove_if_abandoned(path: &Path) -> io::Result<()> {
    // A link with this name could lead anywhere.
    if !path.symlink_metadata()?.is_dir() {
        return Ok(());
    }
    let directory = File::open(path)?;
    directory.try_lock()?;
    std::fs::remove_dir_all(path)
}
