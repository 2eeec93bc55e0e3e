//! That a page of the log, and the figures of the pipeline, come from an index however long the log is.

use crate::{plans::statement, support::connect};
use sqlx::{AssertSqlSafe, Row};
use testkit::TestDatabase;
use uuid::Uuid;

/// Ten chains of 3,000 entries: one in twenty about a topic, all others about documents.
const MANY: &str = "
    INSERT INTO audit_log (chain, number, user_id, actor_id, event_type, hash, created_at)
    SELECT chain, number, chain, chain,
           CASE WHEN number % 20 = 1 THEN 'topic.created' ELSE 'document.read' END,
           sha256(''), now() + number * interval '1 second'
      FROM generate_series(1, 3000) number,
           (SELECT lpad(n::text, 32, '0')::uuid AS chain FROM generate_series(1, 10) n) chains
     ORDER BY number;
    ANALYZE audit_log";

const OWNER: Uuid = Uuid::from_u128(1);

async fn plan(test: &TestDatabase, marks: &[&str], own: bool, kind: Option<&str>) -> String {
    let query = statement(marks);
    let query = sqlx::query(AssertSqlSafe(format!(
        "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF) {query}"
    )));
    let query = match own {
        true => query.bind(OWNER).bind(i64::MAX).bind(50_i64).bind(OWNER),
        false => query.bind(i64::MAX).bind(50_i64),
    };
    let query = match kind {
        Some(kind) => query.bind(kind),
        None => query,
    };
    let rows = query
        .fetch_all(&mut connect(&test.app_url).await)
        .await
        .unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    lines.join("\n")
}

#[tokio::test]
async fn a_page_of_the_log_is_a_stretch_of_an_index() {
    let test = TestDatabase::create().await;
    sqlx::raw_sql(MANY).execute(&test.admin).await.unwrap();
    let all = ["WHERE id < $1 ORDER BY id DESC", "NULL::text AS document"];
    let all_of_kind = ["WHERE id < $1 AND split_part", "NULL::text AS document"];
    let own = ["WHERE chain = $1 AND number < $2\n"];
    let own_of_kind = ["WHERE chain = $1 AND number < $2 AND split_part"];
    for (marks, is_own, kind, index) in [
        (&own[..], true, None, "audit_log_chain_number_key"),
        (
            &own_of_kind[..],
            true,
            Some("topic"),
            "audit_log_chain_kind_number_idx",
        ),
        (&all[..], false, None, "audit_log_pkey"),
        (
            &all_of_kind[..],
            false,
            Some("topic"),
            "audit_log_kind_id_idx",
        ),
    ] {
        let plan = plan(&test, marks, is_own, kind).await;
        let scan = format!("Index Scan Backward using {index}");
        assert!(plan.contains(&scan), "{index}:\n{plan}");
        assert!(!plan.contains("Seq Scan on audit_log"), "{plan}");
        assert!(
            !plan.contains("Rows Removed by Filter"),
            "more is read than shown:\n{plan}"
        );
    }
}

/// What needs attention is few among many.
#[tokio::test]
async fn failures_are_counted_by_their_own_index() {
    let test = TestDatabase::create().await;
    let rows = "
        INSERT INTO users (id, handle, email) VALUES
            ('00000000-0000-0000-0000-000000000001', 'one', 'one@vault.test');
        INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes, status, failure)
        SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'a', gen_random_uuid()::text, 'text/plain', 1,
               CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'ready' END, CASE WHEN n % 1000 = 0 THEN 'It is broken.' END
          FROM generate_series(1, 20000) n;
        INSERT INTO jobs (id, kind, document_id, state, max_attempts, finished_at)
        SELECT gen_random_uuid(), 'process', id, 'done', 5, now() FROM documents;
        ANALYZE documents; ANALYZE jobs";
    sqlx::raw_sql(rows).execute(&test.admin).await.unwrap();
    let query = statement(&[
        "WHERE d.failure IS NOT NULL AND ($1::uuid IS NULL OR d.user_id = $1))",
        "AS \"count!\"",
    ]);
    for owner in [None, Some(OWNER)] {
        let explain = sqlx::query(AssertSqlSafe(format!("EXPLAIN {query}"))).bind(owner);
        let rows = explain
            .fetch_all(&mut connect(&test.app_url).await)
            .await
            .unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        assert!(
            plan.contains("documents_failed_idx") && plan.contains("jobs_dead_idx"),
            "{plan}"
        );
        assert!(!plan.contains("Seq Scan"), "{plan}");
    }
}
