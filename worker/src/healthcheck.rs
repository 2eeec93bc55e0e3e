//! `worker healthcheck`: asks the worker of this machine whether it runs and reaches its queue and its
//! database, for whoever watches it. It answers where it shows its metrics.

use anyhow::{Context, Result, bail};
use settings::{Env, Metrics};
use telemetry::metrics::{DATABASE_UP, REDIS_UP};

/// The setting of the worker's port.
const VARIABLE: &str = "WORKER_METRICS_BIND";

/// Asks the worker that shows its metrics where the settings say.
///
/// # Errors
/// When it does not answer, or does not reach what it needs; the text says which.
pub async fn healthcheck(env: &Env) -> Result<()> {
    let bind = Metrics::from_env(env, VARIABLE, None)?.bind;
    let bind = bind.with_context(|| {
        format!("{VARIABLE} is not set, and the worker is asked there. Set it for the worker and here, for example to 127.0.0.1:9101.")
    })?;
    let answer = wiring::ask(bind, "/metrics")
        .await
        .context("The worker does not answer")?;
    judge(&answer.text)
}

/// PostgreSQL and Redis were asked when the metrics were.
fn judge(metrics: &str) -> Result<()> {
    let says = |line: &str| metrics.lines().any(|shown| shown.starts_with(line));
    if !metrics.contains("binary=\"worker\"") {
        bail!("What listens at {VARIABLE} is not DocuVault's worker.");
    }
    let away: Vec<&str> = [("PostgreSQL", DATABASE_UP), ("Redis", REDIS_UP)]
        .into_iter()
        .filter(|(_, metric)| !says(&format!("{metric} 1")))
        .map(|(name, _)| name)
        .collect();
    if !away.is_empty() {
        bail!(
            "The worker runs, but does not reach {}.",
            away.join(" and ")
        );
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn told(database: u8, redis: u8) -> Option<String> {
        let metrics = format!(
            "docuvault_build_info{{binary=\"worker\",version=\"0\"}} 1\n{DATABASE_UP} {database}\n{REDIS_UP} {redis}\n"
        );
        judge(&metrics).err().map(|error| error.to_string())
    }

    #[test]
    fn whatever_is_away_is_named() {
        assert_eq!(told(1, 1), None);
        assert!(told(0, 1).unwrap().ends_with("reach PostgreSQL."));
        assert!(told(1, 0).unwrap().ends_with("reach Redis."));
        assert!(told(0, 0).unwrap().ends_with("PostgreSQL and Redis."));
    }

    #[test]
    fn another_process_on_the_port_is_told_from_the_worker() {
        let server = "docuvault_build_info{binary=\"server\"} 1\ndocuvault_database_up 1\ndocuvault_redis_up 1\n";
        assert!(judge(server).is_err());
        assert!(judge("Welcome").is_err());
    }
}
