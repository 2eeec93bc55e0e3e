//! The server's binary: `server` serves, `server migrate` brings the schema up to date, and some
//! commands for whoever runs the vault.

use anyhow::Result;
use clap::{Parser, Subcommand};
use settings::{Env, ExposeSecret, MigrateSettings, ServerSettings};

/// DocuVault's web server.
#[derive(Parser)]
#[command(version)]
struct Cli {
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
async fn main() -> Result<()> {
    wiring::install_tls();
    match Cli::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let settings = ServerSettings::from_env(&Env::process())?;
            wiring::start_logs(&settings.log);
            server::serve::serve(settings).await
        }
        Command::Migrate => {
            let settings = MigrateSettings::from_env(&Env::process())?;
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
        Command::Openapi => {
            println!("{}", server::openapi::document().to_pretty_json()?);
            Ok(())
        }
    }
}

/// The settings, for commands that print their answer: the log goes to standard error.
fn vault() -> Result<ServerSettings> {
    Ok(ServerSettings::from_env(&Env::process())?)
}
