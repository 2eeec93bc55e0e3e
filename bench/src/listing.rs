//! The list of documents over a million of them, against the same SQL sent by `pgbench`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use sqlx::PgPool;
use tokio::process::Command;

use crate::client::Client;
use crate::load::{AT_ONCE, in_turns};
use crate::stats::{Comparison, Summary};
use crate::table::Row;
use crate::vault::{Place, Vault};

/// How many documents the vault has.
const DOCUMENTS: i64 = 1_000_000;

/// How many topics; every document has one, every third a second.
const TOPICS: i32 = 20;

/// How many documents a page has.
const PER_PAGE: i64 = 50;

/// The page far down.
const FAR: i64 = 1_000;

/// Requests before the first round.
const WARM_UP: usize = 1_000;

/// Requests in one half of a round.
const REQUESTS: usize = 3_000;

/// Requests for pages of the UI in a round.
const PAGES: usize = 400;

/// How long `pgbench` sends SQL in a round, in seconds.
const SECONDS: &str = "8";

const COMMAND: &str = "scripts/bench listing";

/// Where the SQL lies that the server was built with, seen from the top of the checkout.
const QUERIES: &str = "crates/database/.sqlx";

/// Measures, and gives the rows of the table.
pub async fn measure(place: &Place, rounds: usize) -> Result<Vec<Row>> {
    let vault = Vault::start(place).await?;
    let server = vault.server(&[]).await?;
    let pool = vault.migrate_database().await?;
    eprintln!("listing: {DOCUMENTS} documents are written");
    seed(&pool).await?;
    let script = script(&pool, vault.folder()).await?;
    let paths = Paths::of(&server.client).await?;
    // Not counted: connections are made, and each of them plans its statements.
    requests(&server.client, &paths.first, WARM_UP).await?;
    let mut results = Vec::new();
    for round in 1..=rounds {
        let (first, bare) = in_turns(
            round,
            async || requests(&server.client, &paths.first, REQUESTS).await,
            async || pgbench(&vault, &script).await,
        )
        .await?;
        let result = Round {
            first,
            bare,
            far: requests(&server.client, &paths.far, REQUESTS).await?,
            after: requests(&server.client, &paths.after, REQUESTS).await?,
            page: requests(&server.client, "/documents", PAGES).await?,
        };
        eprintln!(
            "listing, round {round} of {rounds}: page 1 {}, page {FAR} {}, by cursor {}, the UI's page {}; pgbench {:.0}/s",
            result.first, result.far, result.after, result.page, result.bare
        );
        results.push(result);
    }
    pool.close().await;
    server.kill().await?;
    vault.stop().await?;
    rows(&results)
}

/// What one half of a round gave.
struct Load {
    /// Requests per second.
    rate: f64,
    /// Half of them took no longer than this, in milliseconds.
    p50: f64,
    /// 99 of 100 took no longer than this, in milliseconds.
    p99: f64,
}

impl std::fmt::Display for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rate, p50, p99 } = self;
        write!(f, "{rate:.0}/s, p50 {p50:.1} ms, p99 {p99:.1} ms")
    }
}

struct Round {
    first: Load,
    far: Load,
    after: Load,
    page: Load,
    bare: f64,
}

/// The same page asked for in three ways.
struct Paths {
    first: String,
    far: String,
    after: String,
}

impl Paths {
    async fn of(client: &Client) -> Result<Self> {
        let first = format!("/api/documents?per_page={PER_PAGE}");
        let list = client.json(&first).await?;
        ensure!(
            list["total"] == DOCUMENTS,
            "the list says that there are {}",
            list["total"]
        );
        let far = format!("{first}&page={FAR}");
        let before = client.json(&format!("{first}&page={}", FAR - 1)).await?;
        let cursor = before["next_cursor"].as_str().context("no next_cursor")?;
        let after = format!("{first}&cursor={cursor}");
        let (by_number, by_cursor) = (client.json(&far).await?, client.json(&after).await?);
        let ids = |list: &Value| -> Option<Vec<Value>> {
            let documents = list["documents"].as_array()?;
            Some(documents.iter().map(|one| one["id"].clone()).collect())
        };
        ensure!(
            ids(&by_number) == ids(&by_cursor),
            "number and cursor gave two pages"
        );
        Ok(Self { first, far, after })
    }
}

async fn requests(client: &Client, path: &str, count: usize) -> Result<Load> {
    let begin = Instant::now();
    let mut times: Vec<f64> = stream::iter(0..count)
        .map(|_| {
            let (client, path) = (client.clone(), path.to_owned());
            tokio::spawn(async move {
                let begin = Instant::now();
                client.get(&path).await?;
                Ok::<_, anyhow::Error>(begin.elapsed().as_secs_f64() * 1000.0)
            })
        })
        .buffer_unordered(AT_ONCE)
        .map(|ended| ended?)
        .try_collect()
        .await?;
    let rate = count as f64 / begin.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((count as f64 * share) as usize).copied();
    Ok(Load {
        rate,
        p50: at(0.5).context("no request")?,
        p99: at(0.99).context("no request")?,
    })
}

/// A million documents of the one account, as if uploaded one a second.
async fn seed(pool: &PgPool) -> Result<()> {
    sqlx::query(
        "INSERT INTO topics (id, user_id, name)
         SELECT gen_random_uuid(), u.id, 'Topic ' || n FROM users u, generate_series(1, $1) AS n",
    )
    .bind(TOPICS)
    .execute(pool)
    .await?;
    sqlx::query(
        "INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes, sha256,
                                status, page_count, created_at, updated_at)
         SELECT gen_random_uuid(), u.id, 'letter ' || n || '.pdf', u.id || '/' || n, 'application/pdf',
                20000, sha256(n::text::bytea), 'ready', 3, at, at
           FROM users u, generate_series(1, $1) AS n,
                LATERAL (SELECT now() - n * interval '1 second' AS at) AS times",
    )
    .bind(DOCUMENTS)
    .execute(pool)
    .await?;
    sqlx::query(
        "WITH topic AS (SELECT id, row_number() OVER (ORDER BY name) - 1 AS number FROM topics),
              document AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM documents)
         INSERT INTO document_topics (document_id, topic_id, assigned_by, provider, confidence, reason)
         SELECT document.id, topic.id, 'machine', 'local', 0.9, 'The words that decided it'
           FROM document JOIN topic
             ON topic.number = document.number % $1
             OR (document.number % 3 = 0 AND topic.number = (document.number + 1) % $1)",
    )
    .bind(i64::from(TOPICS))
    .execute(pool)
    .await?;
    sqlx::query("UPDATE quotas SET documents = $1, used_bytes = $1 * 20000")
        .bind(DOCUMENTS)
        .execute(pool)
        .await?;
    for table in ["documents", "document_topics"] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("VACUUM (ANALYZE) {table}")))
            .execute(pool)
            .await?;
    }
    Ok(())
}

/// The statement of the first page, as the server sends it, with what it binds to it.
async fn script(pool: &PgPool, folder: &Path) -> Result<PathBuf> {
    let owner: String = sqlx::query_scalar("SELECT id::text FROM users")
        .fetch_one(pool)
        .await?;
    let owner = format!("'{owner}'::uuid");
    let list = query("AS newest")?;
    let list = bound(&list, &[&owner, &PER_PAGE.to_string(), "NULL", "NULL"]);
    let path = folder.join("listing.sql");
    std::fs::write(&path, format!("{list};\n"))?;
    Ok(path)
}

/// The one statement that holds these words.
fn query(words: &str) -> Result<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(QUERIES).context("start the bench at the top of the checkout")? {
        let text = std::fs::read_to_string(file?.path())?;
        let told: Value = serde_json::from_str(&text)?;
        found.extend(
            told["query"]
                .as_str()
                .filter(|query| query.contains(words))
                .map(str::to_owned),
        );
    }
    ensure!(
        found.len() == 1,
        "{} statements hold `{words}`",
        found.len()
    );
    found.pop().context("no statement")
}

/// The statement with values in place of `$1`, `$2` and so on, in one line.
fn bound(query: &str, values: &[&str]) -> String {
    let mut text = query.split_whitespace().collect::<Vec<_>>().join(" ");
    // From the last on: `$1` also begins `$10`.
    for (at, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", at + 1), value);
    }
    text
}

/// Pages per second, read by `pgbench` with prepared statements and as many connections.
async fn pgbench(vault: &Vault, script: &Path) -> Result<f64> {
    let connections = AT_ONCE.to_string();
    let mut command = Command::new(vault.postgres_program("pgbench"));
    command
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .args(["--client", &connections, "--time", SECONDS])
        .arg("--file")
        .arg(script)
        .arg(vault.variable("DATABASE_URL")?)
        .stderr(Stdio::inherit());
    let output = tokio::time::timeout(Duration::from_secs(60), command.output()).await??;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench failed: {text}");
    rate(&text).with_context(|| format!("pgbench said no rate: {text}"))
}

fn rate(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

fn rows(rounds: &[Round]) -> Result<Vec<Row>> {
    let rates = |pick: fn(&Round) -> &Load| -> Vec<(f64, f64)> {
        let pairs = rounds.iter().map(|round| (pick(round).rate, round.bare));
        pairs.collect()
    };
    let compared = |what: &str, wanted: &str, pick: fn(&Round) -> &Load| -> Result<Row> {
        let rate = Comparison::of(&rates(pick))?;
        Ok(Row {
            what: what.to_owned(),
            ours: times(rounds, pick)?,
            bare: format!(
                "{:.0}/s, the first page's SQL by `pgbench`",
                rate.bare.median
            ),
            figure: rate.ratio.percent(),
            wanted: wanted.to_owned(),
            command: COMMAND,
        })
    };
    let far = format!("page {FAR} of it by its number");
    Ok(vec![
        compared(
            "page 1 of 50 of 1,000,000 documents",
            "at least 50 %",
            |round| &round.first,
        )?,
        compared("page 1,000 of it, by cursor", "as page 1", |round| {
            &round.after
        })?,
        compared(&far, "to be watched", |round| &round.far)?,
        Row {
            what: "the Documents page over the same".to_owned(),
            ours: times(rounds, |round| &round.page)?,
            bare: String::new(),
            figure: format!("{:.0}/s", median(rounds, |round| round.page.rate)?),
            wanted: "to be watched".to_owned(),
            command: COMMAND,
        },
    ])
}

fn median(rounds: &[Round], pick: impl Fn(&Round) -> f64) -> Result<f64> {
    Ok(Summary::of(&rounds.iter().map(pick).collect::<Vec<_>>())?.median)
}

fn times(rounds: &[Round], pick: fn(&Round) -> &Load) -> Result<String> {
    Ok(Load {
        rate: median(rounds, |round| pick(round).rate)?,
        p50: median(rounds, |round| pick(round).p50)?,
        p99: median(rounds, |round| pick(round).p99)?,
    }
    .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_says() {
        let text =
            "latency average = 1.2 ms\ntps = 12345.678901 (without initial connection time)\n";
        assert_eq!(rate(text), Some(12345.678901));
        assert_eq!(rate("tps = many"), None);
        assert_eq!(rate(""), None);
    }

    #[test]
    fn values_stand_where_the_numbers_stood() {
        let values = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        assert_eq!(bound("SELECT $1,\n  $10 + $2", &values), "SELECT a, j + b");
    }
}
