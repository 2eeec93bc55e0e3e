//! That the statements which many rows would slow down are answered from an index.

use crate::support::connect;
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgRow};
use std::path::Path;
use testkit::TestDatabase;
use time::OffsetDateTime;
use uuid::Uuid;

const OWNER: Uuid = Uuid::from_u128(1);

/// Two people with 5,000 documents each.
const MANY: &str = "
    INSERT INTO users (id, handle, email, password_hash) VALUES
        ('00000000-0000-0000-0000-000000000001', 'one', 'one@vault.test', '-'),
        ('00000000-0000-0000-0000-000000000002', 'two', 'two@vault.test', '-');
    INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes, sha256, created_at)
    SELECT gen_random_uuid(), owner, 'a', gen_random_uuid()::text, 'text/plain', 1, sha256(gen_random_uuid()::text::bytea),
           now() - n * interval '1 minute'
      FROM generate_series(1, 5000) n,
           unnest(ARRAY['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002']::uuid[]) owner;
    INSERT INTO quotas (user_id) SELECT id FROM users;
    ANALYZE documents";

/// The text of a statement that the crate sends, from the metadata that its build checked.
pub fn statement(marks: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .map(|text| {
            serde_json::from_str::<serde_json::Value>(&text).unwrap()["query"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .filter(|query| marks.iter().all(|mark| query.contains(mark)))
        .collect();
    let [query] = found.as_slice() else {
        panic!("{} statements hold {marks:?}", found.len())
    };
    query.clone()
}

async fn with_many() -> TestDatabase {
    let test = TestDatabase::create().await;
    sqlx::raw_sql(MANY).execute(&test.admin).await.unwrap();
    test
}

/// A page of 20 of all documents, from the top or after that cursor.
async fn page(
    connection: &mut PgConnection,
    query: &str,
    owner: Uuid,
    cursor: Option<(OffsetDateTime, Uuid)>,
) -> Vec<PgRow> {
    sqlx::query(AssertSqlSafe(query.to_owned()))
        .bind(owner)
        .bind(20_i64)
        .bind(cursor.map(|(at, _)| at))
        .bind(cursor.map(|(_, id)| id))
        .fetch_all(connection)
        .await
        .unwrap()
}

/// A page of 20 after what stands `offset` from the top, by the statement that knows filters, without any.
async fn numbered_page(
    connection: &mut PgConnection,
    query: &str,
    owner: Uuid,
    offset: i64,
) -> Vec<PgRow> {
    sqlx::query(AssertSqlSafe(query.to_owned()))
        .bind(owner)
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(20_i64)
        .bind(offset)
        .bind(None::<OffsetDateTime>)
        .bind(None::<Uuid>)
        .bind(None::<String>)
        .fetch_all(connection)
        .await
        .unwrap()
}

fn list_statement() -> String {
    statement(&["AS newest"])
}

fn filtered_statement() -> String {
    statement(&["LIMIT $4 OFFSET $5"])
}

/// In order, and no row more than the page has.
#[tokio::test]
async fn a_page_of_documents_comes_from_the_index() {
    let test = with_many().await;
    let mut connection = connect(&test.app_url).await;
    let (all, filtered) = (
        format!("EXPLAIN {}", list_statement()),
        format!("EXPLAIN {}", filtered_statement()),
    );
    for owner in [OWNER, Uuid::from_u128(2)] {
        for rows in [
            page(&mut connection, &all, owner, None).await,
            numbered_page(&mut connection, &filtered, owner, 0).await,
        ] {
            let lines = rows.iter().map(|row| row.get::<String, _>(0));
            let plan = lines.collect::<Vec<_>>().join("\n");
            assert!(
                plan.contains("using documents_user_id_created_at_idx")
                    && !plan.contains("Seq Scan on documents"),
                "{plan}"
            );
        }
    }
}

/// Also once the server has made up its mind about a plan for whatever is bound (from the sixth time on),
/// which it does: planning takes as long as reading the page.
#[tokio::test]
async fn a_page_after_a_cursor_reads_nothing_of_what_is_before_it() {
    let test = with_many().await;
    let mut connection = connect(&test.app_url).await;
    let query = list_statement();
    let far = numbered_page(&mut connection, &filtered_statement(), OWNER, 4000).await;
    let cursor = (far[0].get("created_at"), far[0].get("id"));
    flush(&mut connection).await;
    let before = entries_read(&test, "documents_user_id_created_at_idx").await;
    for _ in 0..10 {
        let after = page(&mut connection, &query, OWNER, Some(cursor)).await;
        assert_eq!(after[0].get::<Uuid, _>("id"), far[1].get::<Uuid, _>("id"));
    }
    flush(&mut connection).await;
    let read = entries_read(&test, "documents_user_id_created_at_idx").await - before;
    assert!(
        (200..=220).contains(&read),
        "{read} entries for 10 pages of 20"
    );
    let kept: i64 =
        sqlx::query_scalar("SELECT generic_plans FROM pg_prepared_statements WHERE statement = $1")
            .bind(query)
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(kept, 5, "of 10 pages");
}

/// What was read is told at the end of the next transaction, and no later.
async fn flush(connection: &mut PgConnection) {
    for _ in 0..2 {
        sqlx::query("SELECT pg_stat_force_next_flush()")
            .execute(&mut *connection)
            .await
            .unwrap();
    }
}

/// How many entries of an index were read so far.
async fn entries_read(test: &TestDatabase, index: &str) -> i64 {
    sqlx::query_scalar("SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = $1")
        .bind(index)
        .fetch_one(&test.admin)
        .await
        .unwrap()
}

/// Also on a connection that began with an empty vault, and before anybody counted the rows.
#[tokio::test]
async fn an_older_document_with_the_same_bytes_is_found_by_the_index() {
    let test = TestDatabase::create().await;
    let mut connection = connect(&test.app_url).await;
    // What uploads ask, and what a file out of an archive does: each is sent by one statement.
    statement(&[
        "INSERT INTO documents",
        "oldest_documents_with(quota.user_id, $7)",
    ]);
    statement(&["INSERT INTO documents", "oldest_document_with(user_id, $7)"]);
    let mut look = async || {
        for digest in 0..10_u8 {
            let digests = [digest, digest + 100].map(|byte| vec![byte; 32]);
            for query in [
                "SELECT document FROM oldest_documents_with($1, $2)",
                "SELECT oldest_document_with($1, $2[1])",
            ] {
                let asked = sqlx::query_scalar(query).bind(OWNER).bind(&digests);
                let found: Vec<Option<Uuid>> = asked.fetch_all(&mut connection).await.unwrap();
                assert!(found.iter().all(Option::is_none));
            }
        }
        flush(&mut connection).await;
    };
    look().await;
    let (rows, _) = MANY.rsplit_once("ANALYZE").unwrap();
    sqlx::raw_sql(rows).execute(&test.admin).await.unwrap();
    look().await;
    let looked = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'documents_user_id_sha256_idx'";
    assert_eq!(test.number(looked).await, 60);
    assert_eq!(
        entries_read(&test, "documents_user_id_created_at_idx").await,
        0
    );
}
