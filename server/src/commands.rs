//! What whoever runs the vault can ask of it at the command line.

use anyhow::{Context, Result, bail};
use domain::{Caller, Clock};
use secrecy::ExposeSecret;
use services::Services;
use settings::{Env, ServerSettings};
use std::process::ExitCode;

/// One command needs no more connections.
const MAX_CONNECTIONS: u32 = 2;

pub(crate) fn services(settings: &ServerSettings) -> Result<Services> {
    Ok(crate::serve::build(settings, MAX_CONNECTIONS)?.services)
}

pub(crate) fn caller() -> Caller {
    Caller::system("command line")
}

/// Prints a link that makes the vault's first account.
///
/// # Errors
/// When the vault has accounts, or the database can't be reached.
pub async fn set_up_link(settings: &ServerSettings) -> Result<()> {
    let link = services(settings)?
        .accounts()
        .set_up_link(&caller())
        .await?
        .context("This vault has accounts already. Its admins invite others.")?;
    println!("{}", link.expose_secret());
    Ok(())
}

/// Counts anew what every account's documents take, and says which counts were wrong.
///
/// # Errors
/// When the database can't be reached.
pub async fn recount_quotas(settings: &ServerSettings) -> Result<()> {
    let wrong = services(settings)?.quotas().recount(&caller()).await?;
    for account in &wrong {
        println!(
            "account {}: {} bytes were written down, {} bytes are there",
            account.user, account.counted, account.actual
        );
    }
    println!("{} counts were wrong and are corrected.", wrong.len());
    Ok(())
}

/// Reads every document's file and compares it with what was uploaded, and looks for objects that no row
/// names. Prints whatever is not as it should be, and gives how much that is.
///
/// # Errors
/// When the database or the store can't be reached; a worker then goes on with it.
pub async fn scrub(settings: &ServerSettings) -> Result<i64> {
    let services = services(settings)?;
    let now = Clock::system().now();
    let scrub = services
        .scrubbing()
        .whole(&caller(), now, |finding| {
            let document = finding
                .document
                .map(|id| format!(" (document {id})"))
                .unwrap_or_default();
            println!(
                "{} {}{document}: {} {}",
                finding.kind.as_str(),
                finding.object_key,
                finding.detail,
                finding.advice()
            );
        })
        .await?;
    println!(
        "{} documents, {} bytes read, {} objects in the store: {} are not as they should be.",
        scrub.documents, scrub.bytes, scrub.objects, scrub.findings
    );
    Ok(scrub.findings)
}

/// Looks for entries of the audit log that were changed or removed.
///
/// # Errors
/// When there are any, or the database can't be reached.
pub async fn verify_audit(settings: &ServerSettings) -> Result<()> {
    let (entries, broken) = services(settings)?.audit().verify(&caller()).await?;
    for link in &broken {
        println!(
            "chain {}: entry {} is missing or was changed",
            link.chain, link.number
        );
    }
    if !broken.is_empty() {
        bail!("The audit log was tampered with.");
    }
    println!("{entries} entries, none changed, none missing.");
    Ok(())
}

/// Looks whether every setting can be used and every service is there, and says what to do. Ends with 0
/// when the vault could start and work, else with 1.
pub async fn check_config(env: &Env) -> ExitCode {
    let settings = ServerSettings::read(env);
    match wiring::report(env, settings, |settings| crate::serve::sources(settings, 1)).await {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
