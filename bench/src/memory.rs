//! How much memory server and worker hold, idle and while large files are uploaded.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::stream;
use reqwest::Body;
use reqwest::multipart::Part;
use supervisor::until;

use crate::stats::Summary;
use crate::table::Row;
use crate::vault::{Place, Server, Vault};

/// The upload: 1 GiB, made while it is sent.
const SIZE: u64 = 1 << 30;

/// How long a document may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much of it is made at once.
const PIECE: usize = 64 * 1024;

/// How many files are uploaded at once, each of this many bytes.
const MANY: (usize, u64) = (50, 20_000_000);

/// Megabytes are taken as 1,000,000 bytes, which is the stricter reading.
const MEGABYTE: f64 = 1_000_000.0;

/// Measures, and gives the rows of the table.
pub async fn measure(place: &Place, rounds: usize) -> Result<Vec<Row>> {
    let vault = Vault::start(place).await?;
    let mut found = Found::default();
    // First: afterwards it would have the large files to read.
    found.worker.push(idle_worker(&vault).await?);
    for round in 1..=rounds {
        // A new server each time: what one upload left behind would hide what the next one takes.
        let limit = ("MAX_UPLOAD_BYTES", (2 * SIZE).to_string());
        let server = vault.server(&[limit]).await?;
        let (before, peak) = one_upload(&server).await?;
        eprintln!(
            "memory, round {round} of {rounds}: idle {before:.1} MB, at most {peak:.1} MB during the upload"
        );
        found.idle.push(before);
        found.growth.push(peak - before);
        server.kill().await?;
        let limit = ("MAX_UPLOAD_BYTES", (2 * SIZE).to_string());
        let server = vault.server(&[limit]).await?;
        let (before, peak) = many_uploads(&server).await?;
        eprintln!(
            "memory, round {round} of {rounds}: at most {peak:.1} MB during {} uploads",
            MANY.0
        );
        found.growth_of_many.push(peak - before);
        server.kill().await?;
    }
    vault.stop().await?;
    found.rows()
}

/// Megabytes, round by round.
#[derive(Default)]
struct Found {
    idle: Vec<f64>,
    growth: Vec<f64>,
    growth_of_many: Vec<f64>,
    worker: Vec<f64>,
}

impl Found {
    fn rows(&self) -> Result<Vec<Row>> {
        let many = format!("its growth during {} uploads of 20 MB at once", MANY.0);
        Ok(vec![
            row("memory of the idle server", &self.idle, "under 50 MB")?,
            row(
                "its growth during an upload of 1 GiB",
                &self.growth,
                "under 48 MB",
            )?,
            row(&many, &self.growth_of_many, "under 150 MB")?,
            row("memory of the idle worker", &self.worker, "under 40 MB")?,
        ])
    }
}

fn row(what: &str, values: &[f64], wanted: &str) -> Result<Row> {
    let summary = Summary::of(values)?;
    Ok(Row {
        what: what.to_owned(),
        ours: String::new(),
        bare: String::new(),
        figure: format!(
            "{:.1} MB ({:.1} to {:.1})",
            summary.median, summary.least, summary.most
        ),
        wanted: wanted.to_owned(),
        command: "scripts/bench memory",
    })
}

/// What a worker holds that has worked off a document.
async fn idle_worker(vault: &Vault) -> Result<f64> {
    let server = vault.server(&[]).await?;
    let mut worker = vault.worker(&[])?;
    let text = Part::text("A letter.");
    server.client.upload("letter.txt".to_owned(), text).await?;
    until("The letter", PATIENCE, async || {
        let list = server.client.json("/api/documents?per_page=1").await?;
        Ok((list["documents"][0]["status"] == "ready").then_some(()))
    })
    .await?;
    let id = worker.id().context("the worker has ended")?;
    let held = megabytes(id, "VmRSS")?;
    eprintln!("memory: idle worker {held:.1} MB");
    worker.kill().await?;
    server.kill().await?;
    Ok(held)
}

/// What the server holds idle, and the most that it holds while many files come at once.
async fn many_uploads(server: &Server) -> Result<(f64, f64)> {
    let before = settled(server).await?;
    let id = server.id()?;
    std::fs::write(format!("/proc/{id}/clear_refs"), "5")?;
    let (count, size) = MANY;
    let uploads = (0..count).map(|number| {
        let body = Part::stream_with_length(generated(size), size);
        server.client.upload(format!("{number}.txt"), body)
    });
    futures::future::try_join_all(uploads).await?;
    Ok((before, megabytes(id, "VmHWM")?))
}

/// What the server holds after its first pages, and the most that it holds during an upload.
async fn one_upload(server: &Server) -> Result<(f64, f64)> {
    let before = settled(server).await?;
    let id = server.id()?;
    // From here on the kernel notes the highest value anew.
    std::fs::write(format!("/proc/{id}/clear_refs"), "5")?;
    let body = Part::stream_with_length(generated(SIZE), SIZE);
    server.client.upload("large.txt".to_owned(), body).await?;
    Ok((before, megabytes(id, "VmHWM")?))
}

/// What the server holds after its first pages.
async fn settled(server: &Server) -> Result<f64> {
    for page in ["/documents", "/topics", "/api/documents", "/health"] {
        server.client.get(page).await?;
    }
    megabytes(server.id()?, "VmRSS")
}

fn generated(size: u64) -> Body {
    let line = b"A line of a text that is long enough to be worth an upload.....\n";
    let piece: Bytes = line.iter().copied().cycle().take(PIECE).collect();
    let whole = size / PIECE as u64;
    let rest = piece.slice(..usize::try_from(size % PIECE as u64).unwrap_or_default());
    let pieces = (0..whole).map(move |_| piece.clone());
    let pieces = pieces.chain([rest]);
    Body::wrap_stream(stream::iter(pieces.map(Ok::<_, Infallible>)))
}

fn megabytes(process: u32, field: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let kibibytes = kibibytes(&status, field).with_context(|| format!("{field} is not told"))?;
    Ok(kibibytes as f64 * 1024.0 / MEGABYTE)
}

fn kibibytes(status: &str, field: &str) -> Option<u64> {
    let line = |line: &str| {
        let value = line.strip_prefix(field)?.strip_prefix(':')?;
        value.trim().strip_suffix(" kB")?.parse().ok()
    };
    status.lines().find_map(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let status = "Name:\tserver\nVmHWM:\t   52000 kB\nVmRSS:\t   51234 kB\nVmRSSx:\t 1 kB\n";
        assert_eq!(kibibytes(status, "VmRSS"), Some(51_234));
        assert_eq!(kibibytes(status, "VmHWM"), Some(52_000));
        assert_eq!(kibibytes(status, "Vm"), None);
        assert_eq!(kibibytes(status, "Name"), None);
    }

    #[test]
    fn this_process_has_a_memory_and_a_peak() {
        let own = std::process::id();
        let now = megabytes(own, "VmRSS").unwrap();
        assert!(now > 0.0 && megabytes(own, "VmHWM").unwrap() >= now);
    }

    #[test]
    fn the_rows_show_medians() {
        let found = Found {
            idle: vec![50.0, 52.0, 51.0],
            growth: vec![30.0, 10.0, 20.0],
            growth_of_many: vec![90.0],
            worker: vec![30.0],
        };
        let rows = found.rows().unwrap();
        let figures: Vec<&str> = rows.iter().map(|row| row.figure.as_str()).collect();
        assert_eq!(
            figures,
            [
                "51.0 MB (50.0 to 52.0)",
                "20.0 MB (10.0 to 30.0)",
                "90.0 MB (90.0 to 90.0)",
                "30.0 MB (30.0 to 30.0)"
            ]
        );
    }
}
