//! A vault with a store that can fail, and what must be so in it once nothing is under way.

use domain::Caller;
use std::{collections::BTreeMap, time::Duration};
use tempfile::TempDir;
use testkit::{FaultyStore, Process, Setup, TestApp, env, files};
use uuid::Uuid;

const TEXT: &str = "Household contents insurance, policy HC-778. The premium of the policy is 58.40 a year.
Report a claim to the insurer within one week. Personal liability insurance covers damage to the flat.
Car insurance: report every claim with the policy number; the premium rises after a claim.";

/// Longer ago than anything here: the sweeper takes what is left for old.
pub const DAYS: Duration = Duration::from_secs(2 * 24 * 3600);

/// So long the sweeper keeps what it found.
pub const A_WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// A vault, the store it stores through, and the folder for its workers' temporary files.
pub struct Scene {
    pub app: TestApp,
    pub store: FaultyStore,
    pub temp: TempDir,
}

/// A letter with a picture of its first page, and a topic that it belongs to.
pub fn letter() -> Vec<u8> {
    files::pdf(&[TEXT])
}

/// As whom the vault keeps house.
pub fn vault() -> Caller {
    Caller::system("a test")
}

impl Scene {
    pub async fn new() -> Self {
        Self::set_up(Setup::default()).await
    }

    pub async fn set_up(setup: Setup) -> Self {
        let store = FaultyStore::before(&env("MINIO_ENDPOINT")).await;
        let app = setup.storing_through(&store).start().await;
        app.client
            .create_topic("Insurance", "policies, premiums and claims")
            .await;
        let temp = tempfile::tempdir().unwrap();
        Self { app, store, temp }
    }

    /// What workers of this vault are told.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut environment = self.app.environment.clone();
        let temp = self.temp.path().to_str().unwrap().to_owned();
        environment.insert("TMPDIR".to_owned(), temp);
        environment
    }

    /// A worker as a process of its own.
    pub fn worker(&self) -> Process {
        Process::start("worker", &self.environment())
    }

    pub async fn number(&self, query: &'static str) -> i64 {
        self.app.database.number(query).await
    }

    /// No row, no job, no entry, no room taken, and no object that the sweeper would not remove.
    pub async fn nothing_is_left(&self) {
        for query in [
            "SELECT count(*) FROM documents",
            "SELECT count(*) FROM jobs",
            "SELECT count(*) FROM audit_log WHERE event_type LIKE 'document.%'",
            "SELECT sum(used_bytes)::bigint FROM quotas",
        ] {
            assert_eq!(self.number(query).await, 0, "{query}");
        }
        self.the_store_is_as_the_rows_say().await;
    }

    /// These letters are ready, and everything about them happened once.
    pub async fn happened_once(&self, letters: &[Uuid]) {
        for id in letters {
            let document = self.app.client.finished(*id).await;
            assert_eq!(document.status, "ready", "{:?}", document.failure);
            assert_eq!(document.topics, ["Insurance"], "{document:?}");
            assert!(document.has_thumbnail);
        }
        let count = i64::try_from(letters.len()).unwrap();
        for query in [
            "SELECT count(*) FROM documents",
            "SELECT count(*) FROM jobs WHERE state = 'done'",
            "SELECT count(*) FROM document_pages",
            "SELECT count(*) FROM document_topics",
            "SELECT count(DISTINCT resource_id) FROM audit_log WHERE event_type = 'document.created'",
            "SELECT count(*) FROM audit_log WHERE event_type LIKE 'document.%'",
        ] {
            assert_eq!(self.number(query).await, count, "{query}");
        }
        self.the_store_is_as_the_rows_say().await;
    }

    /// After the sweeper has been around, the store has what rows name, and nothing else.
    pub async fn the_store_is_as_the_rows_say(&self) {
        let services = self.app.services();
        let (sweeping, vault) = (services.sweeping(), vault());
        let later = domain::Clock::system().now() + DAYS;
        sweeping.note_orphans(&vault, later).await.unwrap();
        let deleted = sweeping.delete_noted(&vault, later + A_WEEK).await;
        deleted.unwrap();
        sweeping.abort_unfinished(&vault, later).await.unwrap();
        let mut there = self.app.bucket.keys().await;
        there.sort();
        let named = "SELECT object_key FROM documents
            UNION SELECT thumbnail_key FROM documents WHERE thumbnail_key IS NOT NULL";
        let mut named = self.app.database.texts(named).await;
        named.sort();
        assert_eq!(there, named);
        assert_eq!(self.app.bucket.unfinished().await, 0, "parts are left");
    }

    /// No temporary file of a worker is left.
    pub fn no_temporary_files(&self) {
        let left: Vec<_> = std::fs::read_dir(self.temp.path()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
