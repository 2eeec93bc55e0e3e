//! Where PostgreSQL is installed. Debian keeps its programs off PATH, one folder per version.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tokio::process::Command;

use crate::process::find_on_path;

const OLDEST: u32 = 15;

/// A folder with the programs of one version.
pub struct Installation {
    folder: PathBuf,
    major: u32,
}

impl Installation {
    /// The first that works and is new enough.
    pub async fn find() -> Result<Self> {
        for folder in candidates().await {
            if let Some(major) = major_version(&folder).await
                && major >= OLDEST
            {
                return Ok(Self { folder, major });
            }
        }
        bail!(
            "PostgreSQL {OLDEST} or newer was not found, neither on PATH nor in \
             /usr/lib/postgresql. Install the package `postgresql`."
        );
    }

    /// One of its programs.
    pub fn command(&self, name: &str) -> PathBuf {
        let beside = self.folder.join(name);
        if beside.exists() {
            return beside;
        }
        // Some packagings keep the client apart from the server.
        find_on_path(name).unwrap_or(beside)
    }

    /// Its version, before the point.
    pub fn major(&self) -> u32 {
        self.major
    }
}

async fn candidates() -> Vec<PathBuf> {
    let on_path = find_on_path("initdb").and_then(|file| folder_of(&file));
    let configured = output_of(Path::new("pg_config"), "--bindir").await;
    let mut by_version: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    by_version.sort();
    on_path
        .into_iter()
        .chain(configured.map(PathBuf::from))
        .chain(by_version.into_iter().rev().map(|(_, folder)| folder))
        .collect()
}

/// A link on PATH leads to the folder that has the rest.
fn folder_of(file: &Path) -> Option<PathBuf> {
    Some(file.canonicalize().ok()?.parent()?.to_owned())
}

/// Both programs have to run: a folder may hold only one, or a wrapper around nothing.
async fn major_version(folder: &Path) -> Option<u32> {
    output_of(&folder.join("initdb"), "--version").await?;
    let version = output_of(&folder.join("postgres"), "--version").await?;
    // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
    let number = version.split_whitespace().nth(2)?;
    number.split(['.', 'd', 'b', 'r']).next()?.parse().ok()
}

async fn output_of(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().await.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
