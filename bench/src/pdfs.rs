//! How many text PDFs a minute go through the whole pipeline, against `pdftotext` alone.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::multipart::Part;
use serde_json::json;
use tokio::process::Command;
use tokio::time::sleep;

use crate::client::Client;
use crate::cores::Cores;
use crate::letters::{SUBJECTS, letter};
use crate::stats::{Comparison, Summary};
use crate::table::Row;
use crate::vault::{Place, Vault};

/// How many files in a round: enough that looking seldom whether they are ready makes no odds.
const COUNT: usize = 500;

/// How many are uploaded at once.
const AT_ONCE: usize = 4;

/// How long a round may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long to wait before looking again whether all are ready: seldom, as looking takes the same cores.
const PAUSE: Duration = Duration::from_millis(200);

/// Measures, and gives the rows of the table.
pub async fn measure(place: &Place, rounds: usize) -> Result<Vec<Row>> {
    let vault = Vault::start(place).await?;
    let server = vault.server(&[]).await?;
    for (name, description, _) in SUBJECTS {
        let topic = json!({ "name": name, "description": description });
        server.client.post("/api/topics", &topic).await?;
    }
    let folder = tempfile::tempdir()?;
    let mut scene = Scene {
        client: server.client.clone(),
        folder: folder.path().to_owned(),
        ready: 0,
    };
    let compared = against_pdftotext(&vault, &mut scene, rounds).await?;
    let two = two_workers(&vault, &mut scene, rounds).await?;
    let scaled = one_core_and_all(&vault, &mut scene, rounds).await?;
    let cores = two_cores(&scene.folder, rounds).await?;
    check_filing(&server.client, scene.ready).await?;
    server.kill().await?;
    vault.stop().await?;
    let mut rows = vec![row(&compared)?, two_row(&two)?];
    if !scaled.is_empty() {
        rows.push(scaled_row(&scaled)?);
    }
    rows.push(cores_row(&cores)?);
    Ok(rows)
}

/// The vault that PDFs are uploaded to, and how many of them it has.
struct Scene {
    client: Client,
    folder: PathBuf,
    ready: usize,
}

impl Scene {
    /// Uploads so many new files and waits until they are ready; files per minute, and the files.
    async fn pipeline(&mut self, count: usize) -> Result<(f64, Vec<PathBuf>)> {
        let files = letters(&self.folder, count)?;
        self.ready += count;
        let rate = pipeline(&self.client, &files, self.ready).await?;
        Ok((rate, files))
    }

    /// Files per minute while there is one worker more.
    async fn with_one_more(&mut self, vault: &Vault, variables: &[(&str, String)]) -> Result<f64> {
        let mut other = vault.worker(variables)?;
        // As many as there are workers, so that both have begun.
        self.pipeline(2).await?;
        let (rate, _) = self.pipeline(COUNT).await?;
        other.kill().await?;
        Ok(rate)
    }
}

async fn against_pdftotext(
    vault: &Vault,
    scene: &mut Scene,
    rounds: usize,
) -> Result<Vec<(f64, f64)>> {
    let mut worker = vault.worker(&[])?;
    // The first of all is not counted: connections are made, programs come into memory.
    scene.pipeline(1).await?;
    let mut results = Vec::new();
    for round in 1..=rounds {
        let result = if round % 2 == 0 {
            let bare = pdftotext(&letters(&scene.folder, COUNT)?).await?;
            (scene.pipeline(COUNT).await?.0, bare)
        } else {
            let (ours, files) = scene.pipeline(COUNT).await?;
            (ours, pdftotext(&files).await?)
        };
        eprintln!(
            "PDFs, round {round} of {rounds}: {:.0}/min, pdftotext {:.0}/min",
            result.0, result.1
        );
        results.push(result);
    }
    worker.kill().await?;
    Ok(results)
}

/// Two workers that read one file at a time each, against one of them.
async fn two_workers(vault: &Vault, scene: &mut Scene, rounds: usize) -> Result<Vec<(f64, f64)>> {
    let variables = [("WORKER_CONCURRENCY", "1".to_owned())];
    let mut one = vault.worker(&variables)?;
    let mut results = Vec::new();
    for round in 1..=rounds {
        let (alone, _) = scene.pipeline(COUNT).await?;
        let both = scene.with_one_more(vault, &variables).await?;
        eprintln!("PDFs, round {round} of {rounds}: two workers {both:.0}/min, one {alone:.0}/min");
        results.push((both, alone));
    }
    one.kill().await?;
    Ok(results)
}

/// Two workers on two cores, against one that shares one core with everything else. Nothing where there are not two
/// cores, or where they can't be chosen.
async fn one_core_and_all(
    vault: &Vault,
    scene: &mut Scene,
    rounds: usize,
) -> Result<Vec<(f64, f64)>> {
    let cores = Cores::of_this_program()?;
    let mut results = Vec::new();
    if cores.count()? != 2 {
        return Ok(results);
    }
    let mut worker = vault.worker(&[])?;
    // It counts its cores when it starts.
    scene.pipeline(1).await?;
    for round in 1..=rounds {
        if let Err(error) = cores.use_one() {
            eprintln!("PDFs on one core are left out: {error:#}.");
            cores.use_all()?;
            break;
        }
        let one = scene.pipeline(COUNT).await;
        cores.use_all()?;
        let (one, _) = one?;
        let both = scene.with_one_more(vault, &[]).await?;
        eprintln!(
            "PDFs, round {round} of {rounds}: two workers on two cores {both:.0}/min, one on one {one:.0}/min"
        );
        results.push((both, one));
    }
    worker.kill().await?;
    Ok(results)
}

/// What a second core is worth on this machine: two `pdftotext` at once, which share nothing, against one.
async fn two_cores(folder: &Path, rounds: usize) -> Result<Vec<(f64, f64)>> {
    let mut results = Vec::new();
    for round in 1..=rounds {
        let files = letters(folder, COUNT)?;
        let alone = pdftotext(&files).await?;
        let (some, others) = files.split_at(files.len() / 2);
        let begin = Instant::now();
        tokio::try_join!(pdftotext(some), pdftotext(others))?;
        let both = per_minute(files.len(), begin.elapsed());
        eprintln!(
            "PDFs, round {round} of {rounds}: two pdftotext {both:.0}/min, one {alone:.0}/min"
        );
        results.push((both, alone));
    }
    Ok(results)
}

fn row(rounds: &[(f64, f64)]) -> Result<Row> {
    let what = "text PDFs of 3 pages, whole pipeline";
    let beside = "`pdftotext` one by one";
    row_of(what, beside, Summary::percent, "at least 60 %", rounds)
}

fn two_row(rounds: &[(f64, f64)]) -> Result<Row> {
    let what = "the same with two workers that read one file at a time";
    let wanted = "at least 1.7 times";
    row_of(what, "one of them", Summary::times, wanted, rounds)
}

fn scaled_row(rounds: &[(f64, f64)]) -> Result<Row> {
    let what = "two workers on two cores, against one on one";
    let beside = "everything on one core";
    row_of(what, beside, Summary::times, "at least 1.7 times", rounds)
}

fn cores_row(rounds: &[(f64, f64)]) -> Result<Row> {
    let what = "`pdftotext` twice at once, as the measure of that";
    let wanted = "what two cores give";
    row_of(what, "one of them", Summary::times, wanted, rounds)
}

fn row_of(
    what: &str,
    beside: &str,
    shown: fn(&Summary) -> String,
    wanted: &str,
    rounds: &[(f64, f64)],
) -> Result<Row> {
    let compared = Comparison::of(rounds)?;
    Ok(Row {
        what: what.to_owned(),
        ours: format!("{:.0}/min", compared.ours.median),
        bare: format!("{:.0}/min, {beside}", compared.bare.median),
        figure: shown(&compared.ratio),
        wanted: wanted.to_owned(),
        command: "scripts/bench pdfs",
    })
}

/// New files, instead of those of the round before.
fn letters(folder: &Path, count: usize) -> Result<Vec<PathBuf>> {
    let write = |number| {
        let path = folder.join(format!("letter {number}.pdf"));
        std::fs::write(&path, letter(number))?;
        Ok(path)
    };
    (0..count).map(write).collect()
}

/// Uploads the files and waits until as many documents as `ready` are ready; files per minute.
async fn pipeline(client: &Client, files: &[PathBuf], ready: usize) -> Result<f64> {
    let begin = Instant::now();
    stream::iter(files.iter().map(Ok))
        .try_for_each_concurrent(AT_ONCE, |path| upload(client, path))
        .await?;
    while !are_ready(client, ready).await? {
        ensure!(
            begin.elapsed() < PATIENCE,
            "some PDFs were not ready in time"
        );
        sleep(PAUSE).await;
    }
    Ok(per_minute(files.len(), begin.elapsed()))
}

/// Whether so many documents are ready. None may have failed.
async fn are_ready(client: &Client, ready: usize) -> Result<bool> {
    let failed = total(client, "status=failed").await?;
    ensure!(failed == 0, "{failed} PDFs could not be read");
    Ok(total(client, "status=ready").await? == ready)
}

async fn upload(client: &Client, path: &Path) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = tokio::fs::read(path).await?;
    client.upload(name.into_owned(), Part::bytes(bytes)).await
}

async fn total(client: &Client, query: &str) -> Result<usize> {
    let list = client
        .json(&format!("/api/documents?per_page=1&{query}"))
        .await?;
    let total = list["total"].as_u64().context("a list without its total")?;
    Ok(usize::try_from(total)?)
}

/// Without filing it would not have been the whole pipeline.
async fn check_filing(client: &Client, ready: usize) -> Result<()> {
    let filed = stream::iter(SUBJECTS)
        .then(|(name, ..)| async move { total(client, &format!("topic={name}")).await });
    let filed: usize = filed.try_fold(0, async |sum, one| Ok(sum + one)).await?;
    ensure!(
        filed >= ready,
        "only {filed} of {ready} letters were filed under their topics"
    );
    Ok(())
}

/// Reads one file after the other; files per minute.
async fn pdftotext(files: &[PathBuf]) -> Result<f64> {
    let begin = Instant::now();
    for file in files {
        let mut command = Command::new("pdftotext");
        command.args(["-enc", "UTF-8"]).arg(file).arg("-");
        let status = command.stdout(Stdio::null()).status().await;
        let status = status.context("pdftotext could not be started")?;
        ensure!(status.success(), "pdftotext failed ({status})");
    }
    Ok(per_minute(files.len(), begin.elapsed()))
}

fn per_minute(count: usize, time: Duration) -> f64 {
    count as f64 * 60.0 / time.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_files_in_ten_seconds_are_180_a_minute() {
        assert_eq!(per_minute(30, Duration::from_secs(10)), 180.0);
    }

    #[tokio::test]
    async fn a_file_that_pdftotext_refuses_fails_the_round() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = letters(folder.path(), 2).unwrap();
        assert!(pdftotext(&files).await.unwrap() > 0.0);
        std::fs::write(&files[1], "no PDF").unwrap();
        assert!(pdftotext(&files).await.is_err());
        files.pop();
        assert!(pdftotext(&files).await.is_ok());
    }

    #[test]
    fn the_row_shows_medians_and_the_ratio() {
        let row = row(&[(300.0, 1_000.0), (200.0, 1_000.0), (250.0, 500.0)]).unwrap();
        assert_eq!(row.ours, "250/min");
        assert_eq!(row.figure, "30 % (20 to 50)");
    }
}
