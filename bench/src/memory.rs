//! How much memory the server holds, idle and while a large upload runs.

use std::convert::Infallible;
use std::path::Path;

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::stream;
use reqwest::Body;
use reqwest::multipart::Part;

use crate::stats::Summary;
use crate::table::Row;
use crate::vault::{Server, Vault};

/// The upload: 1 GiB, made while it is sent.
const SIZE: u64 = 1 << 30;

/// How much of it is made at once.
const PIECE: usize = 64 * 1024;

/// Megabytes are taken as 1,000,000 bytes, which is the stricter reading.
const MEGABYTE: f64 = 1_000_000.0;

/// Measures, and gives the rows of the table.
pub async fn measure(binaries: &Path, rounds: usize) -> Result<Vec<Row>> {
    let vault = Vault::start(binaries).await?;
    let (mut idle, mut growth) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        // A new server each time: what one upload left behind would hide what the next one takes.
        let limit = ("MAX_UPLOAD_BYTES", (2 * SIZE).to_string());
        let server = vault.server(&[limit]).await?;
        let (before, peak) = one_upload(&server).await?;
        eprintln!(
            "memory, round {round} of {rounds}: idle {before:.1} MB, at most {peak:.1} MB during the upload"
        );
        idle.push(before);
        growth.push(peak - before);
        server.kill().await?;
    }
    vault.stop().await?;
    rows(&idle, &growth)
}

fn rows(idle: &[f64], growth: &[f64]) -> Result<Vec<Row>> {
    let row = |what: &str, values: &[f64], wanted: &str| -> Result<Row> {
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
    };
    Ok(vec![
        row("memory of the idle server", idle, "under 60 MB")?,
        row(
            "its growth during an upload of 1 GiB",
            growth,
            "under 64 MB",
        )?,
    ])
}

/// What the server holds after its first pages, and the most that it holds during an upload.
async fn one_upload(server: &Server) -> Result<(f64, f64)> {
    for page in ["/documents", "/topics", "/api/documents", "/health"] {
        server.client.get(page).await?;
    }
    let id = server.id()?;
    let before = megabytes(id, "VmRSS")?;
    // From here on the kernel notes the highest value anew.
    std::fs::write(format!("/proc/{id}/clear_refs"), "5")?;
    let body = Part::stream_with_length(generated(), SIZE);
    server.client.upload("large.txt".to_owned(), body).await?;
    Ok((before, megabytes(id, "VmHWM")?))
}

fn generated() -> Body {
    let line = b"A line of a text that is long enough to be worth an upload.....\n";
    let piece: Bytes = line.iter().copied().cycle().take(PIECE).collect();
    let pieces = usize::try_from(SIZE).unwrap_or(usize::MAX) / PIECE;
    Body::wrap_stream(stream::iter(
        std::iter::repeat_n(piece, pieces).map(Ok::<_, Infallible>),
    ))
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
        let rows = rows(&[50.0, 52.0, 51.0], &[30.0, 10.0, 20.0]).unwrap();
        let figures: Vec<&str> = rows.iter().map(|row| row.figure.as_str()).collect();
        assert_eq!(
            figures,
            ["51.0 MB (50.0 to 52.0)", "20.0 MB (10.0 to 30.0)"]
        );
    }
}
