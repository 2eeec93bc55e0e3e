//! The app role reads and writes rows; only the migrate role changes the schema (D-13, D-14).

use crate::support::{connect, refusal};
use testkit::TestDatabase;

const INSUFFICIENT_PRIVILEGE: &str = "42501";

#[tokio::test]
async fn the_app_role_can_not_create_alter_or_drop() {
    let test = TestDatabase::create().await;
    let mut app = connect(&test.app_url).await;
    for statement in [
        "CREATE TABLE mine (id integer)",
        "CREATE TABLE mine AS SELECT * FROM documents",
        "CREATE VIEW mine AS SELECT * FROM documents",
        "CREATE SEQUENCE mine",
        "CREATE TYPE mine AS ENUM ('a')",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION pg_trgm",
        "CREATE INDEX mine ON documents (filename)",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "ALTER TABLE documents ADD COLUMN mine text",
        "ALTER TABLE documents DROP COLUMN filename",
        "ALTER TABLE topics DROP CONSTRAINT topics_color_check",
        "ALTER TABLE documents OWNER TO docuvault_app",
        "ALTER ROLE docuvault_app SUPERUSER",
        "ALTER SCHEMA public OWNER TO docuvault_app",
        "DROP TABLE topics",
        "DROP INDEX documents_user_id_created_at_idx",
        "DROP SCHEMA public CASCADE",
        "TRUNCATE documents",
        "GRANT ALL ON documents TO PUBLIC WITH GRANT OPTION",
        "SET ROLE docuvault_migrate",
        "COPY documents TO PROGRAM 'cat'",
        "SELECT * FROM _sqlx_migrations",
        "DELETE FROM _sqlx_migrations",
    ] {
        // A grant without the right is a warning in PostgreSQL where some right is held: it must have no effect.
        if statement.starts_with("GRANT") {
            refusal(&mut app, statement).await;
            let open = "SELECT count(*) FROM pg_class WHERE relname = 'documents' AND relacl::text ~ '[{,]=[a-zA-Z]'";
            assert_eq!(test.number(open).await, 0);
            continue;
        }
        assert_eq!(
            refusal(&mut app, statement).await.as_deref(),
            Some(INSUFFICIENT_PRIVILEGE),
            "{statement}"
        );
    }
}

#[tokio::test]
async fn the_app_role_reads_and_writes_every_table() {
    let test = TestDatabase::create().await;
    let lacking = "SELECT count(*) FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege
                    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_sqlx_migrations'
                      AND NOT (c.relname = 'audit_log' AND privilege IN ('UPDATE', 'DELETE'))
                      AND NOT (c.relname = 'audit_chains' AND privilege = 'DELETE')
                      AND NOT has_table_privilege('docuvault_app', c.oid, privilege)";
    assert_eq!(test.number(lacking).await, 0);
    let mut app = connect(&test.app_url).await;
    // Its number comes from a sequence, which needs a right of its own.
    let entry = "SELECT audit(gen_random_uuid(), NULL, NULL, 'a test', NULL, NULL, NULL, NULL)";
    assert_eq!(refusal(&mut app, entry).await, None);
}

/// Who breaks into the server can add to the log, and rewrite nothing in it.
#[tokio::test]
async fn the_app_role_can_not_change_what_the_log_says() {
    let test = TestDatabase::create().await;
    let mut app = connect(&test.app_url).await;
    for statement in [
        "UPDATE audit_log SET event_type = 'nothing'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "DELETE FROM audit_chains",
    ] {
        assert_eq!(
            refusal(&mut app, statement).await.as_deref(),
            Some(INSUFFICIENT_PRIVILEGE),
            "{statement}"
        );
    }
}

#[tokio::test]
async fn the_migrate_role_changes_the_schema_and_the_app_role_may_use_what_it_makes() {
    let test = TestDatabase::create().await;
    let mut migrate = connect(&test.migrate_url).await;
    for statement in [
        "CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)",
        "ALTER TABLE later ADD COLUMN color text",
        "ALTER TABLE documents ADD COLUMN later text",
        "CREATE INDEX later_name_idx ON later (name)",
        "DROP INDEX later_name_idx",
    ] {
        assert_eq!(refusal(&mut migrate, statement).await, None, "{statement}");
    }
    let mut app = connect(&test.app_url).await;
    for statement in [
        "INSERT INTO later (name) VALUES ('a')",
        "UPDATE later SET color = 'b'",
        "DELETE FROM later",
    ] {
        assert_eq!(refusal(&mut app, statement).await, None, "{statement}");
    }
    assert_eq!(refusal(&mut migrate, "DROP TABLE later").await, None);
}

#[tokio::test]
async fn neither_role_is_more_than_it_must_be() {
    let test = TestDatabase::create().await;
    // In the clusters that tests run on, and nowhere else, the migrate role may create databases.
    let powers = "SELECT count(*) FROM pg_roles
                   WHERE rolname IN ('docuvault_app', 'docuvault_migrate')
                     AND (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls
                          OR (rolcreatedb AND rolname = 'docuvault_app'))";
    assert_eq!(test.number(powers).await, 0);
    assert_eq!(
        test.number("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'docuvault%'")
            .await,
        2
    );
    let memberships = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
                        WHERE r.rolname LIKE 'docuvault%'";
    assert_eq!(test.number(memberships).await, 0);
    let owned = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'docuvault_migrate'";
    assert_eq!(test.number(owned).await, 0);
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let test = TestDatabase::create().await;
    let count = "SELECT count(*) FROM _sqlx_migrations WHERE success";
    let applied = test.number(count).await;
    database::Database::migrate(&test.migrate_url)
        .await
        .unwrap();
    assert_eq!(test.number(count).await, applied);
    assert!(
        database::Database::migrate(&test.app_url).await.is_err(),
        "the app role migrates"
    );
}
