//! What the log's hashes cover, told by another program than PostgreSQL: whoever keeps a chain's last hash
//! can check the whole of it without us.

use crate::support::connect;
use sha2::{Digest, Sha256};
use testkit::TestDatabase;
use uuid::Uuid;

const CHAIN: Uuid = Uuid::from_u128(7);

/// Three entries at once, some with nothing in them, and one more: as two statements write them.
const ENTRIES: [&str; 2] = [
    "SELECT audit_all('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000007',
        ARRAY['00000000-0000-0000-0000-000000000008', NULL, NULL]::uuid[], ARRAY['a.a', 'b.b', 'c.c'],
        ARRAY[NULL, '00000000-0000-0000-0000-000000000009', NULL]::uuid[], ARRAY['192.0.2.7', NULL, '2001:db8::1'],
        ARRAY['one', NULL, 'drei: über'], ARRAY['a, \"note\"', NULL, NULL], ARRAY[NULL, NULL, 'curl'])",
    "SELECT audit('00000000-0000-0000-0000-000000000007', NULL, NULL, 'd.d', NULL, NULL, NULL, NULL)",
];

/// An entry's hash, and the parts that it covers, in their order.
type Entry = (Vec<u8>, Vec<Option<String>>);

async fn entries(test: &TestDatabase) -> Vec<Entry> {
    sqlx::query_as(
        "SELECT hash, ARRAY[chain::text, number::text, user_id::text, actor_id::text, event_type, resource_id::text,
                            host(ip_address), request_id, metadata::text, extract(epoch FROM created_at)::text] AS parts
           FROM audit_log WHERE chain = $1 ORDER BY id",
    )
    .bind(CHAIN)
    .fetch_all(&test.admin)
    .await
    .unwrap()
}

/// Each part with its length before it, in characters, and a dash for one that there is not.
fn told(parts: &[Option<String>]) -> String {
    let told = parts.iter().map(|part| match part {
        Some(part) => format!("{}:{part}", part.chars().count()),
        None => "-".to_owned(),
    });
    told.collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn an_entrys_hash_covers_the_hash_before_and_all_that_it_says() {
    let test = TestDatabase::create().await;
    let mut app = connect(&test.app_url).await;
    for statement in ENTRIES {
        sqlx::query(statement).execute(&mut app).await.unwrap();
    }
    let entries = entries(&test).await;
    let said: Vec<_> = entries.iter().map(|(_, parts)| parts[4].clone()).collect();
    let numbers: Vec<_> = entries.iter().map(|(_, parts)| parts[1].clone()).collect();
    assert_eq!(
        said,
        ["a.a", "b.b", "c.c", "d.d"].map(|one| Some(one.to_owned()))
    );
    assert_eq!(
        numbers,
        ["1", "2", "3", "4"].map(|one| Some(one.to_owned()))
    );
    let mut before = Sha256::digest(b"").to_vec();
    for (hash, parts) in &entries {
        let whole = [before.as_slice(), told(parts).as_bytes()].concat();
        assert_eq!(hash, Sha256::digest(&whole).as_slice(), "{parts:?}");
        before.clone_from(hash);
    }
    let end = "SELECT count(*) FROM audit_chains JOIN audit_log USING (chain, number, hash) WHERE number = 4";
    assert_eq!(test.number(end).await, 1);
}
