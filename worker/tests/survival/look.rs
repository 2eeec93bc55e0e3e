//! Looks behind the vault's back: into its jobs, its pages, its Redis.

use sqlx::Row;
use std::process::Command;
use testkit::TestApp;
use uuid::Uuid;

pub use testkit::{DELETE, POST};

/// A document's jobs, oldest first.
#[derive(Debug)]
pub struct Jobs {
    pub ids: Vec<Uuid>,
    pub states: Vec<String>,
    pub attempts: Vec<i32>,
}

impl Jobs {
    pub async fn of(app: &TestApp, document: Uuid) -> Self {
        let rows = sqlx::query(
            "SELECT id, state, attempts FROM jobs WHERE document_id = $1 ORDER BY created_at",
        )
        .bind(document)
        .fetch_all(&app.database.admin)
        .await
        .unwrap();
        Self {
            ids: rows.iter().map(|row| row.get("id")).collect(),
            states: rows.iter().map(|row| row.get("state")).collect(),
            attempts: rows.iter().map(|row| row.get("attempts")).collect(),
        }
    }
}

/// How many pages a document has in the database.
pub async fn pages(app: &TestApp, document: Uuid) -> i64 {
    sqlx::query("SELECT count(*) FROM document_pages WHERE document_id = $1")
        .bind(document)
        .fetch_one(&app.database.admin)
        .await
        .unwrap()
        .get(0)
}

/// Makes a document's job look as if every begin had killed its worker.
pub async fn exhaust(app: &TestApp, document: Uuid) {
    sqlx::query("UPDATE jobs SET attempts = max_attempts WHERE document_id = $1")
        .bind(document)
        .execute(&app.database.admin)
        .await
        .unwrap();
}

/// What `redis-cli` answers.
pub fn redis(url: &str, arguments: &[&str]) -> String {
    let output = Command::new("redis-cli")
        .args(["--no-auth-warning", "-u", url])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Sends a signal.
pub fn signal(name: &str, process: u32) {
    let status = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(process.to_string())
        .status()
        .unwrap();
    assert!(status.success());
}

/// An empty JSON object.
pub fn nothing() -> serde_json::Value {
    serde_json::json!({})
}
