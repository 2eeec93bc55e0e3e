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

#[tokio::test]
async fn an_older_document_with_the_same_bytes_is_found_by_the_index() {
    let test = with_many().await;
    let query = statement(&["INSERT INTO documents", "duplicate_of"]);
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN {query}")))
        .bind(Uuid::new_v4())
        .bind(OWNER)
        .bind("a.txt")
        .bind("a key")
        .bind("text/plain")
        .bind(1_i64)
        .bind([7_u8; 32].as_slice())
        .bind(true)
        .bind(Uuid::new_v4())
        .bind(5_i32)
        .bind(OWNER)
        .bind(OWNER)
        .bind(OWNER)
        .bind("document.created")
        .bind(None::<Uuid>)
        .bind(None::<String>)
        .bind("a test")
        .bind(None::<String>)
        .fetch_all(&mut connect(&test.app_url).await)
        .await
        .unwrap();
    let plan = rows
        .iter()
        .map(|row| row.get::<String, _>(0))
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        plan.contains("Scan using documents_user_id_sha256_idx"),
        "{plan}"
    );
}
