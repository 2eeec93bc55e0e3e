//! The server's binary: `server` serves, `server migrate` brings the schema up to date, and some
//! commands for whoever runs the vault.

use anyhow::Result;
use clap::{Parser, Subcommand};
use settings::{Env, ExposeSecret, MigrateSettings, ServerSettings};
use std::process::ExitCode;

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
    /// Read every document's file and compare it with what was uploaded. Ends with 0 when everything is
    /// there and whole, 1 when something is not, 2 when it could not look.
    Scrub,
    /// Print the API's description as JSON.
    Openapi,
}

#[derive(Subcommand)]
enum QuotaCommand {
    /// Count anew what every account's documents take, and correct what is wrong.
    Recount,
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
            let settings = ServerSettings::read(&Env::process())?;
            wiring::start_logs(&settings.log);
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
        Command::Scrub => return Ok(scrub().await),
        Command::Openapi => {
            println!("{}", server::openapi::document().to_pretty_json()?);
            Ok(())
        }
    }?;
    Ok(ExitCode::SUCCESS)
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

/// The settings, for commands that print their answer: the log goes to standard error.
fn vault() -> Result<ServerSettings> {
    Ok(ServerSettings::read(&Env::process())?)
}
