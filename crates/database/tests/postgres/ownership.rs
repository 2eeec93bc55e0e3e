//! What was there before accounts goes to the first admin (D-03).

use crate::support::{connect, refusal};
use sqlx::{Connection, PgConnection, migrate::Migrator};
use testkit::TestDatabase;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// A vault without accounts: documents, a topic, settings with a key.
const BEFORE: &str = "
    INSERT INTO documents (id, filename, object_key, content_type, size_bytes) VALUES
        (gen_random_uuid(), 'a', 'null/a', 'text/plain', 700),
        (gen_random_uuid(), 'b', 'null/b', 'text/plain', 200000000);
    INSERT INTO topics (id, name) VALUES (gen_random_uuid(), 'Tax');
    INSERT INTO filing_settings (active_provider) VALUES ('openai');
    INSERT INTO filing_providers (provider, model, api_key_enc) VALUES ('openai', 'large', 'sealed');
";

/// A database with the schema of before accounts.
async fn before_accounts() -> TestDatabase {
    let test = TestDatabase::create().await;
    let empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;
                 GRANT USAGE ON SCHEMA public TO docuvault_app;
                 GRANT USAGE, CREATE ON SCHEMA public TO docuvault_migrate";
    sqlx::raw_sql(empty).execute(&test.admin).await.unwrap();
    let mut migrate = PgConnection::connect(&test.migrate_url).await.unwrap();
    let older: Vec<_> = MIGRATIONS
        .iter()
        .filter(|one| one.version <= 3)
        .cloned()
        .collect();
    Migrator::with_migrations(older)
        .run(&mut migrate)
        .await
        .unwrap();
    test
}

#[tokio::test]
async fn it_waits_for_the_person_with_the_set_up_link() {
    let test = before_accounts().await;
    let mut app = connect(&test.app_url).await;
    assert_eq!(refusal(&mut app, BEFORE).await, None);
    database::Database::migrate(&test.migrate_url)
        .await
        .unwrap();
    for (question, answer) in [
        (
            "SELECT count(*) FROM users WHERE role = 'admin' AND set_up_at IS NULL",
            1,
        ),
        (
            "SELECT count(*) FROM documents JOIN users ON users.id = user_id",
            2,
        ),
        (
            "SELECT count(*) FROM topics JOIN users ON users.id = user_id",
            1,
        ),
        (
            "SELECT count(*) FROM filing_settings WHERE active_provider = 'openai'",
            1,
        ),
        // Sealed for nobody, a key opens for nobody: it is entered again.
        (
            "SELECT count(*) FROM filing_providers WHERE model = 'large' AND api_key_enc IS NULL",
            1,
        ),
        ("SELECT used_bytes FROM quotas", 200_000_700),
        // Nobody is over their limit because of what they had before there was one.
        ("SELECT limit_bytes FROM quotas", 200_000_700),
    ] {
        assert_eq!(test.number(question).await, answer, "{question}");
    }
}

#[tokio::test]
async fn it_goes_to_an_admin_who_is_there_already() {
    let test = before_accounts().await;
    let mut app = connect(&test.app_url).await;
    let admin = "INSERT INTO users (id, handle, email, password_hash, role) VALUES
        ('00000000-0000-0000-0000-000000000001', 'ada', 'ada@vault.test', '-', 'admin')";
    for statement in [BEFORE, admin] {
        assert_eq!(refusal(&mut app, statement).await, None);
    }
    database::Database::migrate(&test.migrate_url)
        .await
        .unwrap();
    let hers =
        "SELECT count(*) FROM documents WHERE user_id = '00000000-0000-0000-0000-000000000001'";
    assert_eq!(test.number(hers).await, 2);
    assert_eq!(test.number("SELECT count(*) FROM users").await, 1);
}

#[tokio::test]
async fn an_empty_vault_gets_no_account() {
    let test = before_accounts().await;
    database::Database::migrate(&test.migrate_url)
        .await
        .unwrap();
    assert_eq!(test.number("SELECT count(*) FROM users").await, 0);
}
