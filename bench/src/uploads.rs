//! How many small uploads a second, against the bare loop. No worker runs: jobs only queue up.

use anyhow::Result;
use reqwest::multipart::Part;
use uuid::Uuid;

use crate::bare::Bare;
use crate::load::{AT_ONCE, in_turns, per_second};
use crate::stats::Comparison;
use crate::table::Row;
use crate::vault::{Place, Vault};

/// How long a text is, in bytes.
const SIZE: usize = 20_000;

/// How many in one half of a round: some seconds' worth.
const COUNT: usize = 5_000;

/// How many before the first round: connections are made, caches filled.
const WARM_UP: usize = 1_000;

/// Measures, and gives the row of the table.
pub async fn measure(place: &Place, rounds: usize) -> Result<Row> {
    let vault = Vault::start(place).await?;
    let server = vault.server(&[]).await?;
    let bare = Bare::open(&vault).await?;
    let ours = async |count| {
        let client = server.client.clone();
        per_second(count, move |number| {
            let client = client.clone();
            async move { client.upload(name(number), Part::bytes(text())).await }
        })
        .await
    };
    let theirs = async |count| {
        let bare = bare.clone();
        per_second(count, move |number| {
            let bare = bare.clone();
            async move { bare.keep(&name(number), &text()).await }
        })
        .await
    };

    ours(WARM_UP).await?;
    theirs(WARM_UP).await?;
    let mut results = Vec::new();
    for round in 1..=rounds {
        let result = in_turns(
            round,
            async || ours(COUNT).await,
            async || theirs(COUNT).await,
        )
        .await?;
        eprintln!(
            "uploads, round {round} of {rounds}: {:.0}/s, bare loop {:.0}/s",
            result.0, result.1
        );
        results.push(result);
    }
    server.kill().await?;
    vault.stop().await?;
    row(&results)
}

fn row(rounds: &[(f64, f64)]) -> Result<Row> {
    let compared = Comparison::of(rounds)?;
    Ok(Row {
        what: format!("uploads of {} kB, {AT_ONCE} at once", SIZE / 1_000),
        ours: format!("{:.0}/s", compared.ours.median),
        bare: format!("{:.0}/s, one PUT and one INSERT", compared.bare.median),
        figure: compared.ratio.percent(),
        wanted: "at least 70 %".to_owned(),
        command: "scripts/bench uploads",
    })
}

fn name(number: usize) -> String {
    format!("letter {number}.txt")
}

/// No two are the same, as people's are not.
fn text() -> Vec<u8> {
    let mut text = format!("Reference {}\n", Uuid::new_v4()).into_bytes();
    let line =
        b"Please find enclosed the statement for the past quarter, with all meter readings.\n";
    text.extend(line.iter().cycle().take(SIZE.saturating_sub(text.len())));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_size_and_differ() {
        assert_eq!(text().len(), SIZE);
        assert_ne!(text(), text());
    }

    #[test]
    fn the_row_shows_medians_and_the_ratio() {
        let row = row(&[(60.0, 100.0), (30.0, 50.0), (80.0, 100.0)]).unwrap();
        assert_eq!(row.ours, "60/s");
        assert_eq!(row.bare, "100/s, one PUT and one INSERT");
        assert_eq!(row.figure, "60 % (60 to 80)");
    }
}
