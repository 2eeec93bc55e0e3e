//! What no row may hold, whoever writes it.

use crate::support::{connect, refusal};
use sqlx::PgConnection;
use testkit::TestDatabase;

const CHECK: &str = "23514";
const UNIQUE: &str = "23505";
const NOT_NULL: &str = "23502";
const FOREIGN_KEY: &str = "23503";

/// A user (…01), a second one (…02), a document of the first (…11), and a topic of his (…21).
const ROWS: &str = "
    INSERT INTO users (id, handle, email, password_hash) VALUES
        ('00000000-0000-0000-0000-000000000001', 'one', 'one@vault.test', '-'),
        ('00000000-0000-0000-0000-000000000002', 'two', 'two@vault.test', '-');
    INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes) VALUES
        ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000001', 'a', 'k', 'text/plain', 1);
    INSERT INTO topics (id, user_id, name) VALUES
        ('00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000001', 'Tax');
";

async fn with_rows() -> (TestDatabase, PgConnection) {
    let test = TestDatabase::create().await;
    let mut app = connect(&test.app_url).await;
    assert_eq!(refusal(&mut app, ROWS).await, None);
    (test, app)
}

async fn refused(app: &mut PgConnection, code: &str, statements: &[&'static str]) {
    for statement in statements {
        assert_eq!(
            refusal(app, statement).await.as_deref(),
            Some(code),
            "{statement}"
        );
    }
}

#[tokio::test]
async fn closed_sets_are_closed() {
    let (_test, mut app) = with_rows().await;
    let statements = [
        "UPDATE users SET role = 'root'",
        "UPDATE users SET ai_provider = 'oracle'",
        "UPDATE documents SET status = 'lost'",
        "UPDATE documents SET status = 'processing', stage = 'dreaming'",
        "INSERT INTO document_topics (document_id, topic_id, assigned_by) VALUES
            ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000021', 'nobody')",
        "INSERT INTO jobs (id, kind, document_id, max_attempts) VALUES
            (gen_random_uuid(), 'dream', '00000000-0000-0000-0000-000000000011', 5)",
        "INSERT INTO jobs (id, kind, document_id, max_attempts, state) VALUES
            (gen_random_uuid(), 'process', '00000000-0000-0000-0000-000000000011', 5, 'lost')",
        "INSERT INTO shares (id, document_id, owner_id, recipient_id, permission) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000001',
             '00000000-0000-0000-0000-000000000002', 'own')",
        "INSERT INTO cloud_connections (id, user_id, provider, display_name, credentials_enc) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'ftp', 'x', '')",
        "INSERT INTO cloud_connections (id, user_id, provider, display_name, credentials_enc, status) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'webdav', 'x', '', 'LOST')",
        "INSERT INTO filing_settings (user_id, active_provider) VALUES ('00000000-0000-0000-0000-000000000001', 'oracle')",
        "INSERT INTO filing_providers (user_id, provider) VALUES ('00000000-0000-0000-0000-000000000001', 'local')",
        "INSERT INTO api_tokens (id, user_id, name, token_hash, hint, scope) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'a', sha256('a'), 'a', 'all')",
        "INSERT INTO one_time_tokens (token_hash, kind, expires_at) VALUES (sha256('a'), 'wish', now())",
    ];
    refused(&mut app, CHECK, &statements).await;
}

#[tokio::test]
async fn values_that_contradict_each_other_are_refused() {
    let (_test, mut app) = with_rows().await;
    let statements = [
        "UPDATE documents SET status = 'failed'",
        "UPDATE documents SET failure = 'why'",
        "UPDATE documents SET stage = 'reading'",
        "UPDATE documents SET size_bytes = -1",
        "UPDATE documents SET sha256 = 'short'",
        "UPDATE documents SET page_count = -1",
        "UPDATE documents SET filename = ''",
        "UPDATE documents SET filename = repeat('x', 256)",
        "UPDATE documents SET duplicate_of = id",
        "UPDATE topics SET name = ''",
        "UPDATE topics SET color = 'red'",
        "UPDATE topics SET color = '#6366F1'",
        "UPDATE users SET totp_enabled = true",
        "UPDATE users SET handle = 'With Space'",
        "UPDATE users SET email = 'One@vault.test'",
        "UPDATE users SET handle = 'x'",
        "INSERT INTO quotas (user_id, used_bytes) VALUES ('00000000-0000-0000-0000-000000000001', -1)",
        "INSERT INTO document_pages (document_id, number, text) VALUES ('00000000-0000-0000-0000-000000000011', 0, '')",
        "INSERT INTO document_topics (document_id, topic_id, assigned_by) VALUES
            ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000021', 'machine')",
        "INSERT INTO document_topics (document_id, topic_id, assigned_by, provider, confidence) VALUES
            ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000021', 'machine', 'local', 1.5)",
        "INSERT INTO jobs (id, kind, document_id, max_attempts, state) VALUES
            (gen_random_uuid(), 'process', '00000000-0000-0000-0000-000000000011', 5, 'running')",
        "INSERT INTO jobs (id, kind, document_id, max_attempts, state) VALUES
            (gen_random_uuid(), 'process', '00000000-0000-0000-0000-000000000011', 5, 'done')",
        "INSERT INTO shares (id, document_id, owner_id, recipient_id) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000001',
             '00000000-0000-0000-0000-000000000001')",
    ];
    refused(&mut app, CHECK, &statements).await;
}

#[tokio::test]
async fn names_are_taken_once() {
    let (_test, mut app) = with_rows().await;
    let twice = [
        "INSERT INTO topics (id, user_id, name) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'Own'),
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'Own')",
        "INSERT INTO folders (id, user_id, name) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'Top'),
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'Top')",
        "INSERT INTO filing_settings (user_id) VALUES
            ('00000000-0000-0000-0000-000000000001'), ('00000000-0000-0000-0000-000000000001')",
        "INSERT INTO filing_providers (user_id, provider) VALUES
            ('00000000-0000-0000-0000-000000000001', 'openai'), ('00000000-0000-0000-0000-000000000001', 'openai')",
        "INSERT INTO documents (id, user_id, filename, object_key, content_type, size_bytes) VALUES
            (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'b', 'k', 'text/plain', 1)",
        "INSERT INTO users (id, handle, email, password_hash) VALUES (gen_random_uuid(), 'one', 'x@vault.test', '-')",
    ];
    refused(&mut app, UNIQUE, &twice).await;
    let anothers = "INSERT INTO topics (id, user_id, name) VALUES
        (gen_random_uuid(), '00000000-0000-0000-0000-000000000002', 'Tax')";
    assert_eq!(refusal(&mut app, anothers).await, None);
}

#[tokio::test]
async fn what_must_be_there_is() {
    let (_test, mut app) = with_rows().await;
    let missing = [
        "UPDATE documents SET object_key = NULL",
        "UPDATE documents SET size_bytes = NULL",
        "UPDATE documents SET user_id = NULL",
        "UPDATE topics SET user_id = NULL",
        "INSERT INTO filing_settings (user_id) VALUES (NULL)",
        "UPDATE topics SET description = NULL",
        "INSERT INTO folders (id, name) VALUES (gen_random_uuid(), 'nobody''s')",
    ];
    refused(&mut app, NOT_NULL, &missing).await;
    let pointing_nowhere = [
        "UPDATE documents SET folder_id = gen_random_uuid()",
        "UPDATE documents SET duplicate_of = gen_random_uuid()",
        "INSERT INTO jobs (id, kind, document_id, max_attempts) VALUES (gen_random_uuid(), 'process', gen_random_uuid(), 5)",
    ];
    refused(&mut app, FOREIGN_KEY, &pointing_nowhere).await;
}

#[tokio::test]
async fn a_document_takes_what_is_its_own_with_it() {
    let (test, mut app) = with_rows().await;
    let own = "
        INSERT INTO document_topics (document_id, topic_id, assigned_by) VALUES
            ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000021', 'person');
        INSERT INTO document_pages (document_id, number, text) VALUES ('00000000-0000-0000-0000-000000000011', 1, 'x');
        INSERT INTO jobs (id, kind, document_id, max_attempts) VALUES
            (gen_random_uuid(), 'process', '00000000-0000-0000-0000-000000000011', 5);
        DELETE FROM documents;";
    assert_eq!(refusal(&mut app, own).await, None);
    let left =
        "SELECT (SELECT count(*) FROM document_topics) + (SELECT count(*) FROM document_pages)
                     + (SELECT count(*) FROM jobs)";
    assert_eq!(test.number(left).await, 0);
    assert_eq!(test.number("SELECT count(*) FROM topics").await, 1);
}

/// Deleting a row looks for those that point at it: without an index that reads whole tables.
#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let test = TestDatabase::create().await;
    let without = "SELECT count(*) FROM pg_constraint c
                    WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
                      AND NOT EXISTS (SELECT 1 FROM pg_index i
                                       WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])";
    assert_eq!(test.number(without).await, 0);
}
