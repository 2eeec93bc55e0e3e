//! `supervisor exec`: services for one command, and nothing afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use support::{alive, descendants, supervisor, text};

const LONG_ENOUGH: Duration = Duration::from_secs(20);

#[test]
fn the_command_reaches_all_three_and_its_code_comes_back() {
    let temporary = tempfile::tempdir().unwrap();
    let script = r#"
        psql --no-psqlrc -qtAc 'SELECT current_user' "$DATABASE_URL"
        psql --no-psqlrc -qtAc 'SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user' \
            "$DATABASE_MIGRATE_URL"
        psql --no-psqlrc -qtAc 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user' \
            "$TEST_DATABASE_ADMIN_URL"
        redis-cli --no-auth-warning -u "$REDIS_URL" PING
        echo "$MINIO_BUCKET in $MINIO_REGION"
        exit 42
    "#;
    let output = supervisor()
        .args(["exec", "--", "sh", "-c", script])
        .env("TMPDIR", temporary.path())
        .output()
        .unwrap();
    assert_eq!(
        text(&output.stdout),
        "docuvault_app\nt\nt\nPONG\ndocuvault in us-east-1\n"
    );
    assert_eq!(output.status.code(), Some(42), "{}", text(&output.stderr));
    let left: Vec<_> = std::fs::read_dir(temporary.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_bundles_word_is_passed_on() {
    let temporary = tempfile::tempdir().unwrap();
    std::fs::write(
        temporary.path().join("leptos.env"),
        "LEPTOS_SITE_ROOT=/some where\n",
    )
    .unwrap();
    let output = supervisor()
        .args(["exec", "--binaries"])
        .arg(temporary.path())
        .args(["--", "sh", "-c", "echo $LEPTOS_SITE_ROOT"])
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "/some where\n");
}

#[tokio::test]
async fn sigterm_ends_the_command_and_the_services() {
    let temporary = tempfile::tempdir().unwrap();
    let mut running = supervisor()
        .args(["exec", "--", "sh", "-c", "echo started; exec cat /dev/zero"])
        .env("TMPDIR", temporary.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(running.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    drop(output);
    let children = descendants(running.id());
    assert!(children.len() >= 3, "{children:?}");

    support::signal(running.id(), "TERM");
    let status = supervisor::until("The end", LONG_ENOUGH, async || Ok(running.try_wait()?))
        .await
        .unwrap();
    assert!(!status.success());
    assert_eq!(alive(&children), Vec::<u32>::new());
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}
