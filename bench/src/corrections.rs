//! What one correction costs once a hundred thousand documents have taught the built-in provider.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::json;
use sqlx::PgPool;

use crate::client::Client;
use crate::stats::Summary;
use crate::table::Row;
use crate::vault::{Place, Vault};

/// How many documents people have filed.
const DOCUMENTS: i32 = 100_000;

/// Under how many topics.
const TOPICS: i32 = 10;

/// How many words each of them has; the rarest of [`VOCABULARY`] stand in few.
const WORDS: i32 = 150;

/// How many different words there are.
const VOCABULARY: i32 = 60_000;

/// Corrections in a round.
const CORRECTIONS: usize = 200;

const COMMAND: &str = "scripts/bench corrections";

/// Measures, and gives the rows of the table.
pub async fn measure(place: &Place, rounds: usize) -> Result<Vec<Row>> {
    let vault = Vault::start(place).await?;
    let server = vault.server(&[]).await?;
    let pool = vault.migrate_database().await?;
    eprintln!("corrections: {DOCUMENTS} lessons are written");
    seed(&pool).await?;
    let mut results = Vec::new();
    for round in 1..=rounds {
        let ids = documents(&pool, round).await?;
        let times = correct(&server.client, &ids, round).await?;
        eprintln!(
            "corrections, round {round} of {rounds}: half within {:.1} ms, 99 of 100 within {:.1} ms",
            times.0, times.1
        );
        results.push(times);
    }
    pool.close().await;
    server.kill().await?;
    vault.stop().await?;
    rows(&results)
}

/// Documents with texts of words of which few are frequent, each filed by a person under one topic, and
/// what that taught.
async fn seed(pool: &PgPool) -> Result<()> {
    sqlx::query(
        "INSERT INTO topics (id, user_id, name)
         SELECT gen_random_uuid(), u.id, 'Topic ' || n FROM users u, generate_series(0, $1 - 1) AS n",
    )
    .bind(TOPICS)
    .execute(pool)
    .await?;
    // A word is a number in letters. The cube of a random number makes the first ones frequent.
    sqlx::query(
        "INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes, status,
                                extracted_text, extracted_at)
         SELECT gen_random_uuid(), u.id, 'letter ' || n || '.txt', gen_random_uuid()::text, 'text/plain', 1000, 'ready',
                (SELECT string_agg('x' || translate(floor(power(random(), 3) * $3)::text, '0123456789', 'bcdfghjklm'), ' ')
                   FROM generate_series(1, $2) AS word WHERE n > 0), now()
           FROM users u, generate_series(1, $1) AS n",
    )
    .bind(DOCUMENTS)
    .bind(WORDS)
    .bind(VOCABULARY)
    .execute(pool)
    .await?;
    sqlx::query(
        "WITH numbered AS (SELECT id, (row_number() OVER (ORDER BY id) % $1)::int AS topic FROM documents),
              named AS (SELECT id, substr(name, 7)::int AS topic FROM topics)
         INSERT INTO document_topics (document_id, topic_id, assigned_by)
         SELECT d.id, t.id, 'person' FROM numbered d JOIN named t USING (topic)",
    )
    .bind(TOPICS)
    .execute(pool)
    .await?;
    sqlx::query(
        "INSERT INTO topic_lessons (document_id, topic_id, grams, counts)
         SELECT t.document_id, t.topic_id, w.grams, w.counts
           FROM document_topics t JOIN documents d ON d.id = t.document_id
          CROSS JOIN LATERAL (
                SELECT array_agg(gram) AS grams, array_agg(least(count, 5)) AS counts
                  FROM (SELECT gram, count(*)::int AS count
                          FROM unnest(string_to_array(d.extracted_text, ' ')) AS gram GROUP BY gram) AS counted) AS w",
    )
    .execute(pool)
    .await?;
    sqlx::query(
        "INSERT INTO topic_grams (topic_id, gram, count)
         SELECT topic_id, gram, sum(count) FROM topic_lessons, unnest(grams, counts) AS lesson (gram, count)
          GROUP BY topic_id, gram",
    )
    .execute(pool)
    .await?;
    sqlx::query(
        "INSERT INTO topic_totals (topic_id, examples, grams)
         SELECT g.topic_id, (SELECT count(*) FROM topic_lessons l WHERE l.topic_id = g.topic_id), sum(g.count)
           FROM topic_grams g GROUP BY g.topic_id",
    )
    .execute(pool)
    .await?;
    sqlx::raw_sql("VACUUM (ANALYZE)").execute(pool).await?;
    Ok(())
}

/// Documents that no round has corrected yet.
async fn documents(pool: &PgPool, round: usize) -> Result<Vec<String>> {
    let ids = sqlx::query_scalar("SELECT id::text FROM documents ORDER BY id LIMIT $1 OFFSET $2")
        .bind(i64::try_from(CORRECTIONS)?)
        .bind(i64::try_from(CORRECTIONS * (round - 1))?)
        .fetch_all(pool)
        .await?;
    ensure!(ids.len() == CORRECTIONS, "too few documents");
    Ok(ids)
}

/// Corrects one document after the other; gives the milliseconds within which half of them were done,
/// and 99 of 100. Each takes a document off one topic and puts it under another: one lesson is forgotten
/// and one is learned.
async fn correct(client: &Client, ids: &[String], round: usize) -> Result<(f64, f64)> {
    let mut times = Vec::with_capacity(ids.len());
    for (number, id) in ids.iter().enumerate() {
        let topic = format!("Topic {}", (number + round) % TOPICS as usize);
        let begin = Instant::now();
        let path = format!("/api/documents/{id}/topics");
        client.put(&path, &json!({ "topics": [topic] })).await?;
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times.get(times.len() * percent / 100).copied();
    Ok((at(50).unwrap_or(f64::NAN), at(99).unwrap_or(f64::NAN)))
}

fn rows(rounds: &[(f64, f64)]) -> Result<Vec<Row>> {
    let each =
        |pick: fn(&(f64, f64)) -> f64| Summary::of(&rounds.iter().map(pick).collect::<Vec<_>>());
    let (half, nearly_all) = (each(|times| times.0)?, each(|times| times.1)?);
    let row = |what: String, times: Summary| Row {
        what,
        ours: String::new(),
        bare: String::new(),
        figure: format!(
            "{:.1} ms ({:.1} to {:.1})",
            times.median, times.least, times.most
        ),
        wanted: "under 50 ms".to_owned(),
        command: COMMAND,
    };
    Ok(vec![
        row(
            format!("one correction, {DOCUMENTS} documents learned from, p50"),
            half,
        ),
        row("the same, p99".to_owned(), nearly_all),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_show_medians_of_the_rounds() {
        let rows = rows(&[(5.0, 9.0), (4.0, 20.0), (6.0, 10.0)]).unwrap();
        assert_eq!(rows[0].figure, "5.0 ms (4.0 to 6.0)");
        assert_eq!(rows[1].figure, "10.0 ms (9.0 to 20.0)");
    }
}
