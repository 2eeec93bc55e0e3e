//! `server healthcheck`: asks the server of this machine whether it can work, for whoever watches it.

use anyhow::{Context, Result, bail};
use settings::{Env, Http};
use wire::{Check, Health};
use wiring::Answer;

/// Asks the server that listens where the settings say.
///
/// # Errors
/// When it does not answer, or some part of the vault does not; the text says which.
pub async fn healthcheck(env: &Env) -> Result<()> {
    let http = Http::from_env(env)?;
    let answer = wiring::ask(http.listen, "/health")
        .await
        .context("The server does not answer")?;
    judge(&answer)
}

fn judge(answer: &Answer) -> Result<()> {
    let health: Health = serde_json::from_str(&answer.text)
        .context("What listens there is not DocuVault's server")?;
    let checks = health.checks;
    let away = [
        ("PostgreSQL", checks.postgres),
        ("the object store", checks.minio),
        ("Redis", checks.redis),
    ];
    let away: Vec<String> = away.iter().filter_map(complaint).collect();
    match (answer.status, away.is_empty()) {
        (200, true) => Ok(()),
        _ => bail!("The server can't work: {}.", away.join(", ")),
    }
}

fn complaint((name, check): &(&str, Check)) -> Option<String> {
    (!check.is_ok()).then(|| format!("{name} ({})", check.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn told(status: u16, text: &str) -> Option<String> {
        let text = text.to_owned();
        judge(&Answer { status, text })
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn every_part_that_is_away_is_named() {
        let checks = |postgres, minio, redis| {
            format!(
                r#"{{"status":"ok","checks":{{"postgres":"{postgres}","minio":"{minio}","redis":"{redis}"}}}}"#
            )
        };
        assert_eq!(told(200, &checks("ok", "ok", "ok")), None);
        assert_eq!(
            told(503, &checks("error: no answer", "ok", "error: timed out")).unwrap(),
            "The server can't work: PostgreSQL (error: no answer), Redis (error: timed out)."
        );
    }

    #[test]
    fn another_program_on_the_port_is_told_from_the_server() {
        assert!(
            told(200, "Welcome")
                .unwrap()
                .contains("not DocuVault's server")
        );
    }
}
