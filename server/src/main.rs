//! The server's binary: `server` serves, `server migrate` brings the schema up to date, and some
//! commands for whoever runs the vault.

use anyhow::Result;
use clap::{Parser, Subcommand};
use settings::{Env, ExposeSecret, MigrateSettings, ServerSettings};
use std::{path::PathBuf, process::ExitCode};

/// DocuVault's web server.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Look whether every setting can be used and every service is there, and say what to do.
    #[arg(long)]
    check_config: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the UI and the JSON API (the default).
    Serve,
    /// Bring the database's schema up to date, as the migrate role.
    Migrate,
    /// Print a link that makes the vault's first account.
    SetupLink,
    /// Look after quotas.
    Quota {
        #[command(subcommand)]
        command: QuotaCommand,
    },
    /// Look after the audit log.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Look after what is sealed with SECRET_KEY.
    Secrets {
        #[command(subcommand)]
        command: SecretsCommand,
    },
    /// Read every document's file and compare it with what was uploaded. Ends with 0 when everything is
    /// there and whole, 1 when something is not, 2 when it could not look.
    Scrub,
    /// Write the vault's copy into a folder: its rows, and every object that they name. Ends with 0 when
    /// everything is there and whole, 1 when something is not, 2 when it could not be done.
    Export {
        /// New, empty, or one that an export was written into before.
        folder: PathBuf,
    },
    /// Make a vault of such a copy, in a new database and an empty bucket. Ends with 0 when everything came
    /// in, 1 when something is missing or was changed, 2 when it could not be done.
    Import {
        /// What `server export` wrote.
        folder: PathBuf,
        /// Read and compare every file before anything is written.
        #[arg(long)]
        verify: bool,
        /// Take it although it was made under another SECRET_KEY, which is lost.
        #[arg(long)]
        other_secret_key: bool,
    },
    /// Ask the server that runs here whether it can work. Ends with 0, or with 1 and what is wrong.
    Healthcheck,
    /// Print the API's description as JSON.
    Openapi,
}

#[derive(Subcommand)]
enum QuotaCommand {
    /// Count anew what every account's documents take, and correct what is wrong.
    Recount,
}

#[derive(Subcommand)]
enum SecretsCommand {
    /// Seal anew with SECRET_KEY whatever is still sealed with SECRET_KEY_PREVIOUS, and say how everything
    /// stands. Fails when something can't be opened with either.
    Rotate,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Look for entries that were changed or removed. Fails when there are any.
    Verify,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    wiring::install_tls();
    let cli = Cli::parse();
    if cli.check_config {
        return Ok(server::commands::check_config(&Env::process()).await);
    }
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let settings = settings_and_log()?;
            server::serve::serve(settings).await
        }
        Command::Migrate => {
            let settings = MigrateSettings::read(&Env::process())?;
            wiring::start_logs(&settings.log);
            wiring::migrate(settings.database_url.expose_secret()).await?;
            tracing::info!("the schema is up to date");
            Ok(())
        }
        Command::SetupLink => server::commands::set_up_link(&vault()?).await,
        Command::Quota {
            command: QuotaCommand::Recount,
        } => server::commands::recount_quotas(&vault()?).await,
        Command::Audit {
            command: AuditCommand::Verify,
        } => server::commands::verify_audit(&vault()?).await,
        Command::Secrets {
            command: SecretsCommand::Rotate,
        } => server::secrets::rotate(&vault()?).await,
        Command::Scrub => return Ok(scrub().await),
        Command::Export { folder } => {
            return Ok(server::backup::export(&Env::process(), &folder).await);
        }
        Command::Import {
            folder,
            verify,
            other_secret_key,
        } => {
            let wanted = server::backup::Wanted {
                verify,
                other_secret_key,
            };
            return Ok(server::backup::import(&Env::process(), &folder, wanted).await);
        }
        Command::Healthcheck => return Ok(healthcheck().await),
        Command::Openapi => {
            println!("{}", server::openapi::document().to_pretty_json()?);
            Ok(())
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

/// In one line: whoever watches containers shows it as it is.
async fn healthcheck() -> ExitCode {
    match server::healthcheck::healthcheck(&Env::process()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What ends a scrub says whether something is wrong, or only that nobody knows.
async fn scrub() -> ExitCode {
    let looked = async { server::commands::scrub(&vault()?).await };
    match looked.await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("Error: {error:?}");
            ExitCode::from(2)
        }
    }
}

/// The settings, for what runs on and keeps a log.
fn settings_and_log() -> Result<ServerSettings> {
    let env = Env::process();
    let settings = ServerSettings::read(&env)?;
    wiring::start_logs(&settings.log);
    wiring::warn_of_slips(&env);
    Ok(settings)
}

/// The settings, for commands that print their answer: the log goes to standard error.
fn vault() -> Result<ServerSettings> {
    Ok(ServerSettings::read(&Env::process())?)
}
