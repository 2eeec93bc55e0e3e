//! Documents in, and out again, while parts of the vault are away.

use anyhow::{Context, Result, bail, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};
use testkit::{Client, until};
use tokio::{fs, io::AsyncWriteExt, sync::Mutex};

/// How long one document may take until it is accepted, and until it is ready.
const PATIENCE: Duration = Duration::from_secs(180);

/// How many uploads are under way at once.
const AT_ONCE: usize = 6;

/// Every so many, something that takes time to read.
const SAMPLE_EVERY: usize = 12;

const SAMPLES: [&str; 4] = [
    "bank_statement.docx",
    "letter_electricity_contract.pdf",
    "photo_of_tax_letter.jpg",
    "scanned_rent_invoice.pdf",
];

const WORDS: [&str; 8] = [
    "invoice",
    "insurance",
    "rent",
    "letter",
    "energy",
    "tax",
    "contract",
    "account",
];

fn text<'a>(answer: &'a Value, field: &str) -> Result<&'a str> {
    let value = answer.get(field).and_then(Value::as_str);
    value.with_context(|| format!("an answer without `{field}`"))
}

/// Uploads; each that is accepted gets a line in the record.
pub async fn upload(vault: String, token: String, count: usize, record: &Path) -> Result<()> {
    let client = Client::new(vault).with_token(token);
    let file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(record)
        .await?;
    let (file, again) = (Mutex::new(file), AtomicUsize::new(0));
    let began = Instant::now();
    stream::iter((0..count).map(Ok))
        .try_for_each_concurrent(AT_ONCE, async |number| {
            let (name, bytes) = content(number).await?;
            let line = accepted(&client, &name, &bytes, &again).await?;
            let mut file = file.lock().await;
            file.write_all(line.as_bytes()).await?;
            Ok::<_, anyhow::Error>(file.flush().await?)
        })
        .await?;
    println!(
        "   {count} documents accepted in {:.1} s; {} tries were not, and were made again",
        began.elapsed().as_secs_f64(),
        again.into_inner()
    );
    Ok(())
}

/// Sends it until it is accepted; the record's line.
async fn accepted(
    client: &Client,
    name: &str,
    bytes: &[u8],
    again: &AtomicUsize,
) -> Result<String> {
    until(name, PATIENCE, async || {
        let part = Part::bytes(bytes.to_owned()).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        let request = client.request(Method::POST, "/api/documents/upload");
        let Some(document) = answer(request.multipart(form)).await? else {
            again.fetch_add(1, Ordering::Relaxed);
            return Ok(None);
        };
        let document: Value = serde_json::from_slice(&document)?;
        let id = text(&document, "id")?;
        Ok(Some(format!("{id} {} {}\n", sha256(bytes), bytes.len())))
    })
    .await
}

/// The body of a good answer; none while the vault, or a part of it, is away.
async fn answer(request: reqwest::RequestBuilder) -> Result<Option<Vec<u8>>> {
    let Ok(answer) = request.timeout(Duration::from_secs(30)).send().await else {
        return Ok(None);
    };
    if answer.status().is_server_error() {
        return Ok(None);
    }
    ensure!(
        answer.status() != StatusCode::NOT_FOUND,
        "{} is lost",
        answer.url()
    );
    let answer = answer.error_for_status()?;
    Ok(answer.bytes().await.ok().map(Vec::from))
}

/// Mostly letters of up to 200 kB, each another.
async fn content(number: usize) -> Result<(String, Vec<u8>)> {
    if number.is_multiple_of(SAMPLE_EVERY) {
        let sample = SAMPLES
            .iter()
            .cycle()
            .nth(number / SAMPLE_EVERY)
            .context("no samples")?;
        let path = Path::new("samples").join(sample);
        return Ok((format!("{number}-{sample}"), fs::read(path).await?));
    }
    let mut random = StdRng::seed_from_u64(number.try_into()?);
    let mut text = format!("Letter {number}.");
    for _ in 0..random.random_range(50..25_000) {
        write!(text, " {}", WORDS.choose(&mut random).context("no words")?)?;
    }
    Ok((format!("{number}.txt"), text.into_bytes()))
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// Waits until each of the record is ready, and compares its bytes.
pub async fn verify(vault: String, token: String, record: &Path) -> Result<()> {
    let client = Client::new(vault).with_token(token);
    let record = fs::read_to_string(record).await?;
    let began = Instant::now();
    let sizes: Vec<u64> = stream::iter(record.lines())
        .then(async |line| whole(&client, line).await)
        .try_collect()
        .await?;
    let list = client.get("/api/documents?per_page=1").await;
    let list: Value = list.error_for_status()?.json().await?;
    let total = list["total"].as_u64().context("a list without its total")?;
    ensure!(
        total >= sizes.len() as u64,
        "{total} documents are there, and {} were accepted",
        sizes.len()
    );
    println!(
        "   {0} accepted, {0} ready and whole ({1} bytes) after {2:.1} s; {total} in the vault",
        sizes.len(),
        sizes.iter().sum::<u64>(),
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Waits until it is ready; its size.
async fn whole(client: &Client, line: &str) -> Result<u64> {
    let mut fields = line.split(' ');
    let (Some(id), Some(digest), Some(size)) = (fields.next(), fields.next(), fields.next()) else {
        bail!("`{line}` is no line of the record");
    };
    let path = format!("/api/documents/{id}");
    until(&format!("{id} to be ready"), PATIENCE, async || {
        let Some(document) = answer(client.request(Method::GET, &path)).await? else {
            return Ok(None);
        };
        let document: Value = serde_json::from_slice(&document)?;
        let status = text(&document, "status")?;
        ensure!(status != "failed", "{id} failed: {document}");
        Ok((status == "ready").then_some(()))
    })
    .await?;
    let content = until(&format!("the bytes of {id}"), PATIENCE, async || {
        answer(client.request(Method::GET, &format!("{path}/content"))).await
    })
    .await?;
    ensure!(
        sha256(&content) == digest,
        "{id} came back with other bytes"
    );
    Ok(size.parse()?)
}
