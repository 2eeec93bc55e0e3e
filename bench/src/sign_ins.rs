//! What the look-up of a session costs a request, and how many people can sign in a second.

use std::sync::Arc;

use anyhow::{Context, Result};
use auth::{Passwords, Verified};
use reqwest::multipart::Part;

use crate::client::Client;
use crate::load::{AT_ONCE, per_second};
use crate::stats::{Comparison, Summary};
use crate::table::Row;
use crate::vault::{Place, Vault};

/// Requests in one part of a round.
const REQUESTS: usize = 4_000;

/// Requests before the first round.
const WARM_UP: usize = 500;

/// Sign-ins in one half of a round.
const SIGN_INS: usize = 200;

/// How many documents the page has that is asked for.
const DOCUMENTS: usize = 50;

/// The page.
const PAGE: &str = "/api/documents?per_page=50";

/// A call that is open to everybody: it looks a session up only when it is sent one.
const OPEN: &str = "/api/auth/options";

const COMMAND: &str = "scripts/bench sign-ins";

/// Measures, and gives the rows of the table.
pub async fn measure(place: &Place, rounds: usize) -> Result<Vec<Row>> {
    let vault = Vault::start(place).await?;
    // Every sign-in says that it comes from another address: the limits are not what is measured.
    let proxies = ("TRUSTED_PROXIES", "127.0.0.1".to_owned());
    let server = vault.server(&[proxies]).await?;
    let admin = (server.admin.email.clone(), server.admin.password.clone());
    for number in 0..DOCUMENTS {
        let text = Part::text(format!("Letter {number}"));
        let upload = server.client.upload(format!("{number}.txt"), text);
        upload.await?;
    }
    let token = server.client.log_in(&admin.0, &admin.1, 0).await?;
    let member = server.client.with_token(token);
    let checks = checks(&member, rounds).await?;
    let sign_ins = sign_ins(&server.client, &admin, rounds).await?;
    server.kill().await?;
    vault.stop().await?;
    Ok(vec![check_row(&checks)?, sign_in_row(&sign_ins)?])
}

/// Milliseconds of one request, seen from a server that always has [`AT_ONCE`] of them.
async fn cost(client: &Client, path: &'static str, count: usize) -> Result<f64> {
    let rate = per_second(count, |_| {
        let client = client.clone();
        async move { client.get(path).await.map(drop) }
    });
    Ok(1000.0 / rate.await?)
}

/// What one round gave, in milliseconds.
struct Check {
    page: f64,
    open_with: f64,
    open_without: f64,
}

impl Check {
    fn of_session(&self) -> f64 {
        (self.open_with - self.open_without).max(0.0)
    }

    /// The page's cost over what it would cost without the look-up.
    fn ratio(&self) -> f64 {
        self.page / (self.page - self.of_session())
    }
}

async fn checks(member: &Client, rounds: usize) -> Result<Vec<Check>> {
    let stranger = member.with_token(String::new());
    for (client, path) in [(member, PAGE), (member, OPEN), (&stranger, OPEN)] {
        cost(client, path, WARM_UP).await?;
    }
    let mut results = Vec::new();
    for round in 1..=rounds {
        let check = Check {
            page: cost(member, PAGE, REQUESTS).await?,
            open_with: cost(member, OPEN, REQUESTS).await?,
            open_without: cost(&stranger, OPEN, REQUESTS).await?,
        };
        eprintln!(
            "session check, round {round} of {rounds}: {:.3} ms of {:.3} ms",
            check.of_session(),
            check.page
        );
        results.push(check);
    }
    Ok(results)
}

fn check_row(rounds: &[Check]) -> Result<Row> {
    let each = |pick: fn(&Check) -> f64| Summary::of(&rounds.iter().map(pick).collect::<Vec<_>>());
    let (page, session, ratio) = (
        each(|check| check.page)?,
        each(Check::of_session)?,
        each(Check::ratio)?,
    );
    Ok(Row {
        what: format!("page of {DOCUMENTS} documents, with its session looked up"),
        ours: format!("{:.2} ms", page.median),
        bare: format!("{:.2} ms without", page.median - session.median),
        figure: ratio.times(),
        wanted: "at most 1.3".to_owned(),
        command: COMMAND,
    })
}

async fn sign_ins(
    client: &Client,
    admin: &(String, String),
    rounds: usize,
) -> Result<Vec<(f64, f64)>> {
    let passwords = Arc::new(Passwords::new());
    let hash = passwords.hash(admin.1.as_str().into()).await?;
    let mut address = 0;
    let mut results = Vec::new();
    for round in 1..=rounds {
        let first = address + 1;
        address += SIGN_INS;
        let ours = per_second(SIGN_INS, |number| {
            let (client, admin) = (client.clone(), admin.clone());
            async move {
                client
                    .log_in(&admin.0, &admin.1, first + number)
                    .await
                    .map(drop)
            }
        })
        .await?;
        let bare = per_second(SIGN_INS, |_| {
            let (passwords, password, hash) = (passwords.clone(), admin.1.clone(), hash.clone());
            async move {
                let verified = passwords
                    .verify(password.as_str().into(), Some(hash))
                    .await?;
                anyhow::ensure!(verified == Verified::Right, "the hash does not fit");
                Ok(())
            }
        })
        .await?;
        eprintln!("sign-ins, round {round} of {rounds}: {ours:.0}/s, hashing alone {bare:.0}/s");
        results.push((ours, bare));
    }
    Ok(results)
}

fn sign_in_row(rounds: &[(f64, f64)]) -> Result<Row> {
    let compared = Comparison::of(rounds).context("sign-ins")?;
    Ok(Row {
        what: format!("sign-ins with a password, {AT_ONCE} at once"),
        ours: format!("{:.0}/s", compared.ours.median),
        bare: format!("{:.0}/s, Argon2id alone", compared.bare.median),
        figure: compared.ratio.percent(),
        wanted: "to be watched".to_owned(),
        command: COMMAND,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_that_of_the_page_with_and_without_its_check() {
        let check = Check {
            page: 1.3,
            open_with: 0.5,
            open_without: 0.2,
        };
        assert!((check.ratio() - 1.3).abs() < 1e-9);
        let row = check_row(&[check]).unwrap();
        assert_eq!(
            (row.ours.as_str(), row.bare.as_str()),
            ("1.30 ms", "1.00 ms without")
        );
    }

    /// Noise must not make a check that costs nothing look like a gain.
    #[test]
    fn a_check_never_costs_less_than_nothing() {
        let check = Check {
            page: 1.0,
            open_with: 0.2,
            open_without: 0.3,
        };
        assert_eq!(check.ratio(), 1.0);
    }
}
