//! The server's binary: `server` serves, `server migrate` brings the schema up to date.

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
    /// Print the API's description as JSON.
    Openapi,
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
        Command::Openapi => {
            println!("{}", server::openapi::document().to_pretty_json()?);
            Ok(())
        }
    }
}
