//! What `scripts/compose-test` does with a vault that runs already: its first account, many uploads while
//! parts of it are killed, the look whether all of them are there, and a visit in the browser.

mod load;
mod visit;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use testkit::{Client, set_up};

#[derive(Parser)]
struct Arguments {
    /// Where the vault is, as in `http://localhost:8000`.
    vault: String,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Makes the first account, `admin` with the password of the tests; prints a token of it.
    SetUp {
        /// The link that `server setup-link` prints.
        link: String,
    },
    /// Uploads several documents at a time; what is not accepted is sent again.
    Upload {
        #[arg(long, env = "TOKEN", hide_env_values = true)]
        token: String,
        /// How many.
        count: usize,
        /// The file that gets a line for each that was accepted.
        record: PathBuf,
    },
    /// Waits until each is ready, and compares its bytes.
    Verify {
        #[arg(long, env = "TOKEN", hide_env_values = true)]
        token: String,
        /// The file with a line for each.
        record: PathBuf,
    },
    /// Signs in as `admin` in the browser, with and without scripts, uploads and reads.
    Visit,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { vault, act } = Arguments::parse();
    match act {
        Act::SetUp { link } => {
            let admin = set_up(&Client::new(vault), &link).await;
            println!("{}", admin.api_token("admin").await);
        }
        Act::Upload {
            token,
            count,
            record,
        } => load::upload(vault, token, count, &record).await?,
        Act::Verify { token, record } => load::verify(vault, token, &record).await?,
        Act::Visit => visit::visit(&vault).await?,
    }
    Ok(())
}
