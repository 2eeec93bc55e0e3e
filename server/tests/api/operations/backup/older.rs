//! An older vault's copy, imported by today's version.

use super::{Environment, Folder, Heard, Place, bytes, export, signed_in};
use auth::Passwords;
use sha2::{Digest, Sha256};
use testkit::{PASSWORD, TestDatabase};
use uuid::Uuid;

const TEXT: &[u8] = b"A letter from before archives could be opened.";
const OWNER: &str = "00000000-0000-0000-0000-00000000000a";
const DOCUMENT: &str = "00000000-0000-0000-0000-0000000000d0";

/// What a vault of version 7 writes, with the statements of that time.
const ROWS: [&str; 6] = [
    "INSERT INTO quotas (user_id, limit_bytes, used_bytes)
     VALUES ('00000000-0000-0000-0000-00000000000a', 1000000, 46)",
    "INSERT INTO topics (id, user_id, name)
     VALUES (gen_random_uuid(), '00000000-0000-0000-0000-00000000000a', 'Tax')",
    "INSERT INTO sessions (id, user_id, expires_at)
     VALUES (gen_random_uuid(), '00000000-0000-0000-0000-00000000000a', now() + interval '1 day')",
    "SELECT audit('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a', NULL,
                  'document.created', '00000000-0000-0000-0000-0000000000d0', '192.0.2.7', 'a request', 'a note')",
    "SELECT audit('00000000-0000-0000-0000-00000000000a', NULL, NULL, 'session.created', NULL, NULL, NULL, NULL)",
    "INSERT INTO jobs (id, kind, document_id, max_attempts, state, finished_at)
     VALUES (gen_random_uuid(), 'process', '00000000-0000-0000-0000-0000000000d0', 5, 'done', now())",
];

async fn fill(database: &TestDatabase, key: &str) {
    let password = Passwords::new().hash(PASSWORD.to_owned().into()).await;
    let user = format!(
        "INSERT INTO users (id, handle, email, password_hash, role, set_up_at)
         VALUES ('{OWNER}', 'ada', 'ada@vault.test', '{}', 'admin', now())",
        password.unwrap()
    );
    let document = format!(
        "INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes, sha256, status)
         VALUES ('{DOCUMENT}', '{OWNER}', 'letter.txt', '{key}', 'text/plain', {}, '\\x{:x}', 'ready')",
        TEXT.len(),
        Sha256::digest(TEXT)
    );
    database.execute_made(user).await;
    database.execute_made(document).await;
    for statement in ROWS {
        database.execute(statement).await;
    }
}

#[tokio::test]
async fn an_older_vaults_copy_becomes_a_vault_of_today() {
    let old = TestDatabase::at(7).await;
    let place = Place::new(&environment()).await;
    let source = Place::new(&environment()).await;
    let key = format!("{OWNER}/{DOCUMENT}/{}.txt", Uuid::new_v4());
    fill(&old, &key).await;
    source.bucket.write(&key, TEXT).await;
    let folder = Folder::new();
    let from = super::commanding(&source.environment, &old);
    let done = export(&from, &folder.path(), &Heard::default()).await;
    assert_eq!(done.unwrap().objects, 1);
    let manifest = std::fs::read_to_string(folder.file("manifest.json")).unwrap();
    assert!(manifest.contains("\"schema\": 7"), "{manifest}");

    place.import(&folder).await.unwrap();
    place.assert_sound().await;
    let number = async |query| place.database.number(query).await;
    // What came with later versions is there, and filled.
    assert_eq!(number("SELECT documents FROM quotas").await, 1);
    assert_eq!(number("SELECT count(*) FROM filing_batches").await, 0);
    assert_eq!(number("SELECT count(*) FROM sessions").await, 0);
    let newest = TestDatabase::create().await;
    let applied = "SELECT count(*) FROM _sqlx_migrations WHERE success";
    assert_eq!(number(applied).await, newest.number(applied).await);
    assert_same_rights(&place.database, &newest).await;

    let copy = place.start().await;
    let ada = signed_in(&copy, "ada").await;
    assert_eq!(bytes(&ada, DOCUMENT.parse().unwrap()).await, TEXT);
    ada.upload("new.txt", "New.").await;
    let entries =
        "SELECT count(*) FROM audit_log WHERE chain = '00000000-0000-0000-0000-00000000000a'";
    assert!(copy.database.number(entries).await > 3);
}

/// The schema was made anew: who may do what is as in any other.
async fn assert_same_rights(database: &TestDatabase, other: &TestDatabase) {
    let rights =
        "SELECT concat_ws(' ', c.relname, c.relkind, COALESCE(c.relacl::text, '-')) FROM pg_class c
                   WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1";
    assert_eq!(database.texts(rights).await, other.texts(rights).await);
    let columns =
        "SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, is_nullable)
                     FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
    assert_eq!(database.texts(columns).await, other.texts(columns).await);
    let functions = "SELECT pg_get_functiondef(oid) FROM pg_proc
                      WHERE pronamespace = 'public'::regnamespace ORDER BY 1";
    assert_eq!(
        database.texts(functions).await,
        other.texts(functions).await
    );
    let triggers = "SELECT concat_ws(' ', tgrelid::regclass, tgenabled, count(*)) FROM pg_trigger
                     GROUP BY tgrelid, tgenabled ORDER BY 1";
    assert_eq!(database.texts(triggers).await, other.texts(triggers).await);
}

/// What a vault's commands need beside database and bucket.
fn environment() -> Environment {
    let secret = "a secret key for tests, long enough".to_owned();
    let mut environment = Environment::from([("SECRET_KEY".to_owned(), secret)]);
    for name in ["REDIS_URL", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY"] {
        environment.insert(name.to_owned(), testkit::env(name));
    }
    environment
}
