//! Which S3 server keeps the objects.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tokio::process::Command;

use crate::process::find_on_path;

/// What can serve objects here.
///
/// MinIO is left out: there is no package of it to try this with, and a key for one bucket takes a
/// second program there, its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum S3Server {
    /// s3s-fs, inside this process.
    S3s,
    /// This Garage, a process of its own that waits for the disk.
    Garage(PathBuf),
}

impl S3Server {
    /// The server that made the objects in this folder; in a new folder Garage where it is
    /// installed. Installing or removing Garage later never makes objects disappear.
    pub async fn for_folder(folder: &Path) -> Result<Self> {
        choose(folder, usable_garage().await)
    }

    /// Where Garage has everything; its being there says that the objects are Garage's.
    pub(super) fn garage_folder(folder: &Path) -> PathBuf {
        folder.join("garage")
    }

    /// The same for s3s-fs.
    pub(super) fn s3s_folder(folder: &Path) -> PathBuf {
        folder.join("objects")
    }
}

impl fmt::Display for S3Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::S3s => "s3s-fs",
            Self::Garage(_) => "Garage",
        })
    }
}

fn choose(folder: &Path, installed: Option<PathBuf>) -> Result<S3Server> {
    if S3Server::s3s_folder(folder).exists() {
        return Ok(S3Server::S3s);
    }
    match installed {
        Some(program) => Ok(S3Server::Garage(program)),
        None if S3Server::garage_folder(folder).exists() => bail!(
            "The objects in `{}` are kept by Garage, and Garage 2.3 or newer was not found on \
             PATH. Install it, or remove `{}` to start with an empty vault.",
            folder.display(),
            folder.parent().unwrap_or(folder).display()
        ),
        None => Ok(S3Server::S3s),
    }
}

/// The Garage on PATH, if it is new enough to set itself up, which began with 2.3.
async fn usable_garage() -> Option<PathBuf> {
    let program = find_on_path("garage")?;
    let help = Command::new(&program)
        .args(["server", "--help"])
        .output()
        .await
        .ok()?;
    String::from_utf8_lossy(&help.stdout)
        .contains("--default-bucket")
        .then_some(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed() -> Option<PathBuf> {
        Some("/usr/bin/garage".into())
    }

    #[test]
    fn a_new_folder_takes_garage_where_it_is_installed() {
        let dir = tempfile::tempdir().unwrap();
        let garage = choose(dir.path(), installed()).unwrap();
        assert_eq!(garage, S3Server::Garage("/usr/bin/garage".into()));
        assert_eq!(choose(dir.path(), None).unwrap(), S3Server::S3s);
    }

    #[test]
    fn objects_stay_with_s3s_when_garage_is_installed_later() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(S3Server::s3s_folder(dir.path())).unwrap();
        assert_eq!(choose(dir.path(), installed()).unwrap(), S3Server::S3s);
    }

    #[test]
    fn garages_objects_are_never_hidden_by_an_empty_s3s() {
        let dir = tempfile::tempdir().unwrap();
        let objects = dir.path().join("objects");
        std::fs::create_dir_all(S3Server::garage_folder(&objects)).unwrap();
        assert!(matches!(
            choose(&objects, installed()).unwrap(),
            S3Server::Garage(_)
        ));
        let message = choose(&objects, None).unwrap_err().to_string();
        assert!(message.contains("was not found on PATH"), "{message}");
        let remedy = format!("remove `{}`", dir.path().display());
        assert!(message.contains(&remedy), "{message}");
    }
}
