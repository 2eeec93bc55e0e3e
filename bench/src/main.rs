//! Measures DocuVault against the least that the same work can cost, in one run on one machine.
//!
//! Figures of one machine say little about another; ratios say more. So every figure of speed is a
//! ratio of two things measured in turns, and all are the median of several rounds.

mod bare;
mod begin;
mod client;
mod cores;
mod corrections;
mod letters;
mod listing;
mod load;
mod memory;
mod pdfs;
mod sign_ins;
mod stats;
mod table;
mod uploads;
mod vault;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Parser, ValueEnum};
use table::Row;
use tokio::signal::unix::{SignalKind, signal};
use vault::Place;

/// Where the table is kept, seen from the top of the checkout.
const DOCUMENT: &str = "docs/benchmarks.md";

#[derive(Parser)]
#[command(about = "Measures DocuVault and prints a table.")]
struct Arguments {
    /// Only this; everything unless said.
    #[arg(value_enum)]
    only: Option<Measure>,
    /// How many rounds each figure is the median of.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Put the table into docs/benchmarks.md as well.
    #[arg(long, conflicts_with = "only")]
    write: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Measure {
    /// Small uploads against a bare loop.
    Uploads,
    /// The server's memory, idle and during a large upload.
    Memory,
    /// Sessions looked up, and people who sign in.
    SignIns,
    /// PDFs through the whole pipeline against pdftotext.
    Pdfs,
    /// The list over a million documents against its SQL alone.
    Listing,
    /// What one correction of a document's topics costs.
    Corrections,
    /// A server that starts, a page's first byte, the size of the wasm.
    Begin,
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = tokio::select! {
        result = act() => result,
        told = told_to_stop() => told.and(Err(anyhow!("Stopped."))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What was started ends when `act` is dropped, and the folders go.
async fn told_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminate.recv() => Ok(()),
    }
}

async fn act() -> Result<()> {
    let arguments = Arguments::parse();
    // Built together with the server, the HTTP client has TLS in it and wants this.
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow!("the TLS provider was already set"))?;
    let own = std::env::current_exe()?;
    let binaries = own.parent().context("the bench has no folder")?;
    if cfg!(debug_assertions) {
        eprintln!("This is a debug build: the figures mean nothing. Use `make bench`.");
        if arguments.write {
            bail!("Figures of a debug build are not kept.");
        }
    }
    let place = Place::beside(binaries)?;
    let before = Clock::now()?;
    let table = table::render(&measure(&arguments, &place).await?);
    let stolen = before.stolen_until(&Clock::now()?);
    let text = format!("{}\n{table}", machine(stolen)?);
    println!("{text}");
    if arguments.write {
        write(Path::new(DOCUMENT), &text)?;
    }
    Ok(())
}

async fn measure(arguments: &Arguments, place: &Place) -> Result<Vec<Row>> {
    let wanted = |measure| arguments.only.is_none_or(|only| only == measure);
    let rounds = usize::from(arguments.rounds);
    let mut rows = Vec::new();
    if wanted(Measure::Uploads) {
        rows.push(uploads::measure(place, rounds).await.context("uploads")?);
    }
    if wanted(Measure::SignIns) {
        rows.extend(sign_ins::measure(place, rounds).await.context("sign-ins")?);
    }
    if wanted(Measure::Memory) {
        rows.extend(memory::measure(place, rounds).await.context("memory")?);
    }
    if wanted(Measure::Pdfs) {
        rows.extend(pdfs::measure(place, rounds).await.context("PDFs")?);
    }
    if wanted(Measure::Corrections) {
        rows.extend(
            corrections::measure(place, rounds)
                .await
                .context("corrections")?,
        );
    }
    if wanted(Measure::Begin) {
        rows.extend(begin::measure(place, rounds).await.context("begin")?);
    }
    if wanted(Measure::Listing) {
        rows.extend(listing::measure(place, rounds).await.context("listing")?);
    }
    Ok(rows)
}

/// What the kernel counts of the cores' time, in ticks, as in the first line of `/proc/stat`.
struct Clock {
    all: u64,
    stolen: u64,
}

impl Clock {
    fn now() -> Result<Self> {
        let text = std::fs::read_to_string("/proc/stat")?;
        Self::of(&text).context("/proc/stat does not begin with the cores' time")
    }

    /// user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user.
    fn of(stat: &str) -> Option<Self> {
        let line = stat.lines().next()?.strip_prefix("cpu ")?;
        let ticks: Vec<u64> = line.split_whitespace().flat_map(str::parse).collect();
        let counted = ticks.get(..8)?;
        Some(Self {
            all: counted.iter().sum(),
            stolen: *counted.last()?,
        })
    }

    /// The part of the time between that a host of virtual machines gave to others, in per cent.
    fn stolen_until(&self, later: &Self) -> f64 {
        let all = later.all.saturating_sub(self.all).max(1);
        later.stolen.saturating_sub(self.stolen) as f64 * 100.0 / all as f64
    }
}

/// What the figures were measured on.
fn machine(stolen: f64) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let cpus = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    Ok(format!(
        "Measured on {cores} cores ({model}); the host gave {stolen:.0} % of their time to others.\n"
    ))
}

fn write(document: &Path, table: &str) -> Result<()> {
    let name = document.display();
    let text = std::fs::read_to_string(document).with_context(|| {
        format!("`{name}` could not be read: start the bench at the top of the checkout")
    })?;
    let text = table::replaced(&text, table).with_context(|| format!("`{name}`"))?;
    std::fs::write(document, text).with_context(|| format!("`{name}` could not be written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_takes_is_told() {
        let before = Clock::of("cpu  100 0 100 700 0 0 0 100 0 0\ncpu0 1 2 3").unwrap();
        let after = Clock::of("cpu  150 0 100 700 0 0 0 150 9 9\ncpu0 1 2 3").unwrap();
        assert_eq!(before.stolen_until(&after), 50.0);
        assert!(Clock::of("intr 1 2 3").is_none());
    }
}
