//! That the statements which many rows would slow down are answered from an index.

use crate::support::connect;
use sqlx::{AssertSqlSafe, Row};
use std::path::Path;
use testkit::TestDatabase;
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
fn statement(marks: &[&str]) -> String {
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

async fn list_plan(test: &TestDatabase, owner: Uuid) -> String {
    let query = statement(&["ORDER BY d.created_at DESC", "LIMIT $4 OFFSET $5"]);
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN {query}")))
        .bind(owner)
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(20_i64)
        .bind(0_i64)
        .fetch_all(&mut connect(&test.app_url).await)
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.get::<String, _>(0))
        .collect::<Vec<_>>()
        .join("\n")
}

/// In order, and no row more than the page has.
#[tokio::test]
async fn a_page_of_documents_comes_from_the_index() {
    let test = with_many().await;
    for owner in [OWNER, Uuid::from_u128(2)] {
        let plan = list_plan(&test, owner).await;
        assert!(
            plan.contains("Index Scan using documents_user_id_created_at_idx"),
            "{plan}"
        );
        assert!(
            !plan.contains("Seq Scan on documents") && !plan.contains("Sort Key: d."),
            "{plan}"
        );
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
    let query = statement(&["INSERT INTO documents", "duplicate_of"]);
    assert!(
        query.contains("oldest_document_with($1, new.sha256)"),
        "{query}"
    );
    let mut look = async || {
        for digest in 0..10_u8 {
            let found: Option<Uuid> = sqlx::query_scalar("SELECT oldest_document_with($1, $2)")
                .bind(OWNER)
                .bind([digest; 32].as_slice())
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert_eq!(found, None);
        }
        // What was read is told at the end of the next transaction, and no later.
        for _ in 0..2 {
            sqlx::query("SELECT pg_stat_force_next_flush()")
                .execute(&mut connection)
                .await
                .unwrap();
        }
    };
    look().await;
    let (rows, _) = MANY.rsplit_once("ANALYZE").unwrap();
    sqlx::raw_sql(rows).execute(&test.admin).await.unwrap();
    look().await;
    let looked = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'documents_user_id_sha256_idx'";
    assert_eq!(test.number(looked).await, 20);
    assert_eq!(
        entries_read(&test, "documents_user_id_created_at_idx").await,
        0
    );
}
