//! The link to the vault's first account, printed where whoever started the server looks.

use domain::{Caller, Kind};
use secrecy::ExposeSecret;
use services::Services;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long to wait for a database that is away.
const AGAIN: Duration = Duration::from_secs(2);

/// Prints the link, once, if the vault has no account yet; waits for the database if it must.
///
/// To standard output rather than the log, which may be kept and read elsewhere.
pub(crate) async fn print_link(services: Services, stopping: CancellationToken) {
    let caller = Caller::system("set-up");
    loop {
        match services.accounts().set_up_link(&caller).await {
            Ok(None) => return,
            Ok(Some(link)) => {
                println!(
                    "This vault has no account yet. Make the first one, an admin's, within a day:\n{}",
                    link.expose_secret()
                );
                return;
            }
            Err(error) if error.kind == Kind::Unavailable => {}
            Err(error) => {
                tracing::error!(%error, "no set-up link can be made; try `server setup-link`");
                return;
            }
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}
