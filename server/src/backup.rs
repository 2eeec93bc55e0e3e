//! `server export` and `server import`: the vault's copy in a folder, and a vault of it. Both end with 0
//! when everything is there and whole, 1 when something is not, 2 when it could not be done.

use anyhow::{Context, Result};
use backup::{Error, Source, Target, Watcher};
use domain::Clock;
use settings::{BackupSettings, Env};
use std::{path::Path, process::ExitCode};

/// How an import is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Reads and compares every file before anything is written.
    pub verify: bool,
    /// Takes an export that was made under another `SECRET_KEY`.
    pub other_secret_key: bool,
}

/// Progress goes to standard error, what is wrong to standard output, as in a scrub.
struct Terminal;

impl Watcher for Terminal {
    fn progress(&self, text: &str) {
        eprintln!("{text}");
    }

    fn finding(&self, text: &str) {
        println!("{text}");
    }
}

/// Writes the vault's copy into a folder.
pub async fn export(env: &Env, folder: &Path) -> ExitCode {
    ended(try_export(env, folder).await)
}

/// Makes a vault of such a copy.
pub async fn import(env: &Env, folder: &Path, wanted: Wanted) -> ExitCode {
    ended(try_import(env, folder, wanted).await)
}

async fn try_export(env: &Env, folder: &Path) -> Result<u64> {
    let settings = BackupSettings::read(env)?;
    let source = Source {
        database_url: &settings.database_url,
        storage: wiring::storage(&settings.store)?,
        secret_key: &settings.secrets.secret_key,
        application: env!("CARGO_PKG_VERSION"),
        now: Clock::system().now(),
    };
    let done = backup::export(&source, folder, &Terminal).await?;
    println!(
        "{} tables with {} rows, {} objects with {} bytes, {} of them copied now. {} objects are missing or damaged.",
        done.tables, done.rows, done.objects, done.bytes, done.copied, done.lost
    );
    if done.gone > 0 {
        println!(
            "{} objects belonged to documents that were deleted meanwhile.",
            done.gone
        );
    }
    Ok(done.lost)
}

async fn try_import(env: &Env, folder: &Path, wanted: Wanted) -> Result<u64> {
    let settings = BackupSettings::read(env)?;
    let target = Target {
        database_url: &settings.database_url,
        storage: wiring::storage(&settings.store)?,
        secret_key: &settings.secrets.secret_key,
        previous_secret_key: settings.secrets.previous_secret_key.as_ref(),
        verify: wanted.verify,
        other_secret_key: wanted.other_secret_key,
    };
    let done = backup::import(&target, folder, &Terminal)
        .await
        .context("nothing was imported into the database")?;
    println!(
        "{} rows and {} objects with {} bytes are imported, {} of them copied now. Everybody signs in anew.",
        done.rows, done.objects, done.bytes, done.copied
    );
    if done.removed > 0 {
        println!(
            "{} documents are left out: they were deleted while the export was made.",
            done.removed
        );
    }
    if done.lost > 0 {
        println!(
            "{} objects were missing or damaged when the export was made. `server scrub` names their documents.",
            done.lost
        );
    }
    Ok(done.lost)
}

fn ended(done: Result<u64>) -> ExitCode {
    let error = match done {
        Ok(0) => return ExitCode::SUCCESS,
        Ok(_) => return ExitCode::FAILURE,
        Err(error) => error,
    };
    eprintln!("Error: {error:#}");
    match error.downcast_ref() {
        Some(Error::Altered(_)) => ExitCode::FAILURE,
        _ => ExitCode::from(2),
    }
}
