//! How soon there is something to see: a server that starts, a page that is asked for, what the browser
//! loads.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::client::Client;
use crate::stats::Summary;
use crate::table::Row;
use crate::vault::{Place, Vault};

/// How often a page is asked for in a round, one request after the other.
const PAGES: usize = 200;

const COMMAND: &str = "scripts/bench begin";

/// Measures, and gives the rows of the table.
pub async fn measure(place: &Place, rounds: usize) -> Result<Vec<Row>> {
    let vault = Vault::start(place).await?;
    let server = vault.server(&[]).await?;
    let (mut starts, mut pages) = (Vec::new(), Vec::new());
    first_byte(&server.client).await?;
    for round in 1..=rounds {
        let start = vault.time_to_answer().await?.as_secs_f64() * 1000.0;
        let page = first_byte(&server.client).await?;
        eprintln!(
            "begin, round {round} of {rounds}: started in {start:.0} ms, page in {page:.1} ms"
        );
        starts.push(start);
        pages.push(page);
    }
    server.kill().await?;
    vault.stop().await?;
    let wasm = compressed_wasm(place.binaries())? as f64 / 1000.0;
    Ok(vec![
        row(
            "server start to its first answer",
            "ms",
            &starts,
            "under 500 ms",
        )?,
        row(
            "first byte of the Documents page, median of an idle server",
            "ms",
            &pages,
            "under 10 ms",
        )?,
        row(
            "what the browser loads as wasm, Brotli",
            "kB",
            &[wasm],
            "under 300 kB",
        )?,
    ])
}

/// Milliseconds to the first byte of the page, the median of several.
async fn first_byte(client: &Client) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..PAGES {
        let begin = Instant::now();
        let answer = client.begin("/documents").await?;
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
        answer.bytes().await?;
    }
    Ok(Summary::of(&times)?.median)
}

/// The bundle lies beside the folder of the binaries.
fn compressed_wasm(binaries: &Path) -> Result<u64> {
    let files = binaries.with_file_name("site").join("pkg");
    let missing = || format!("`{}` is missing: `scripts/setup` makes it", files.display());
    for file in std::fs::read_dir(&files).with_context(missing)? {
        let file = file?;
        if file.file_name().to_string_lossy().ends_with(".wasm.br") {
            return Ok(file.metadata()?.len());
        }
    }
    anyhow::bail!("there is no compressed wasm in `{}`", files.display())
}

fn row(what: &str, unit: &str, values: &[f64], wanted: &str) -> Result<Row> {
    let summary = Summary::of(values)?;
    let Summary {
        least,
        median,
        most,
    } = summary;
    Ok(Row {
        what: what.to_owned(),
        ours: String::new(),
        bare: String::new(),
        figure: format!("{median:.1} {unit} ({least:.1} to {most:.1})"),
        wanted: wanted.to_owned(),
        command: COMMAND,
    })
}
