//! `server secrets`: the vault's own secret is replaced.

use anyhow::{Result, bail};
use services::Seals;
use settings::ServerSettings;

/// Seals anew whatever is still sealed under `SECRET_KEY_PREVIOUS`, and says how everything stands.
///
/// # Errors
/// When something opens under neither key, when something was changed meanwhile, or when the database
/// can't be reached.
pub async fn rotate(settings: &ServerSettings) -> Result<()> {
    let services = crate::commands::services(settings)?;
    let seals = services
        .sweeping()
        .seal_everything(&crate::commands::caller())
        .await?;
    println!("{}", summary(&seals));
    for secret in &seals.shut {
        println!("account {}: {} can't be opened", secret.owner, secret.what);
    }
    if !seals.shut.is_empty() {
        bail!(
            "What can't be opened was sealed with another key. Set SECRET_KEY_PREVIOUS to that key and run this again, or have the owners enter it anew."
        );
    }
    if seals.changed > 0 {
        bail!("Some secrets were changed at the same time. Run this again.");
    }
    println!("{}", next_step(services.replaces_secret_key()));
    Ok(())
}

fn summary(seals: &Seals) -> String {
    format!(
        "{} sealed anew with SECRET_KEY, {} sealed with it already, {} changed meanwhile, {} can't be opened.",
        seals.anew,
        seals.current,
        seals.changed,
        seals.shut.len()
    )
}

fn next_step(replaces: bool) -> &'static str {
    match replaces {
        true => {
            "Once every server and worker has run with this SECRET_KEY for ten minutes, run this a last time and take SECRET_KEY_PREVIOUS away."
        }
        false => "SECRET_KEY_PREVIOUS is not set, and nothing here needs it.",
    }
}
