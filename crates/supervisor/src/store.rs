//! An object store by itself, in the place of MinIO's container.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use supervisor::{KeyPair, serve_at};

use crate::signals::Signals;

/// The arguments of `supervisor object-store`. Secrets come in the environment, as MinIO's do.
#[derive(clap::Args)]
pub struct Arguments {
    /// Where the S3 API is served.
    #[arg(long)]
    listen: SocketAddr,
    /// Where the objects are.
    #[arg(long)]
    folder: PathBuf,
}

/// Serves until a signal comes.
pub async fn serve(arguments: Arguments) -> Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let root = key("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD")?;
    let app = key("MINIO_ACCESS_KEY", "MINIO_SECRET_KEY")?;
    let bucket = variable("MINIO_BUCKET").unwrap_or_else(|_| "docuvault".to_owned());
    tokio::select! {
        served = serve_at(arguments.listen, &arguments.folder, &bucket, root, app) => served?,
        _ = signals.next() => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn key(access: &str, secret: &str) -> Result<KeyPair> {
    Ok(KeyPair {
        access: variable(access)?,
        secret: variable(secret)?,
    })
}

/// An empty one is one that is not set: Compose passes both on alike.
fn variable(name: &str) -> Result<String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.with_context(|| format!("{name} is not set"))
}
