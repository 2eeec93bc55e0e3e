//! `supervisor run` is the whole of DocuVault on this machine; `supervisor exec` lends a command
//! the three services and takes them away afterwards.

mod environment;
mod exec;
mod run;
mod samples;
mod signals;
mod store;

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Brings up PostgreSQL, Redis and an S3 server, and runs programs under them.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run server and worker until Ctrl-C.
    Run(run::Arguments),
    /// Run one command with throwaway services, and exit with its code.
    Exec(exec::Arguments),
    /// Serve objects with the environment of the MinIO image, in whose place the tests of Compose run it.
    ObjectStore(store::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    match act().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn act() -> Result<ExitCode> {
    // Built together with the whole workspace, the HTTP client has TLS in it and wants this.
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow!("the TLS provider was already set"))?;
    match Arguments::parse().command {
        Command::Run(arguments) => run::run(arguments).await,
        Command::Exec(arguments) => exec::exec(arguments).await,
        Command::ObjectStore(arguments) => store::serve(arguments).await,
    }
}
