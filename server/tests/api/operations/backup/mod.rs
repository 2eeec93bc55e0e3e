//! `server export` and `server import`: a vault's copy, and a vault of it.

mod damaged;
mod hostile;
mod meanwhile;
mod older;
mod refused;
mod whole;

use ::settings::{BackupSettings, Env};
use backup::{Error, Exported, Imported, Source, Target, Watcher};
use domain::Clock;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Mutex,
};
use tempfile::TempDir;
use testkit::{Client, Setup, TestApp, TestDatabase, bucket::TestBucket, run};
use uuid::Uuid;

/// What a copy is without: sign-ins, links, and what is about the old vault's store.
const LEFT_OUT: [&str; 7] = [
    "object_deletions",
    "one_time_tokens",
    "passkey_ceremonies",
    "refresh_tokens",
    "scrub_findings",
    "scrubs",
    "sessions",
];

type Environment = BTreeMap<String, String>;

/// A folder for an export, which goes with the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("export")
    }

    fn argument(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    /// Every file of an export, by its path in it.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => files.push(self.relative(&path)),
                }
            }
        }
        files.sort();
        files
    }

    fn relative(&self, path: &Path) -> String {
        let relative = path.strip_prefix(self.path()).unwrap();
        relative.to_str().unwrap().to_owned()
    }

    /// The one file of the export whose path ends so.
    fn file(&self, end: &str) -> PathBuf {
        let found: Vec<_> = self.files();
        let mut found = found.iter().filter(|path| path.ends_with(end));
        let path = self.path().join(found.next().expect(end));
        assert_eq!(found.next(), None, "{end}");
        path
    }
}

/// Hears what is told.
#[derive(Default)]
struct Heard {
    findings: Mutex<Vec<String>>,
}

impl Watcher for Heard {
    fn progress(&self, _: &str) {}

    fn finding(&self, text: &str) {
        self.findings.lock().unwrap().push(text.to_owned());
    }
}

impl Heard {
    fn findings(&self) -> Vec<String> {
        self.findings.lock().unwrap().clone()
    }
}

/// What a command for a vault's copy runs with.
fn commanding(environment: &Environment, database: &TestDatabase) -> Environment {
    let mut environment = environment.clone();
    let url = database.migrate_url.clone();
    environment.insert("DATABASE_MIGRATE_URL".to_owned(), url);
    environment
}

fn settings_of(environment: &Environment) -> BackupSettings {
    let environment = environment.clone();
    BackupSettings::from_env(&Env::new(move |name| environment.get(name).cloned())).unwrap()
}

/// Exports in the test's own process.
async fn export(
    environment: &Environment,
    folder: &Path,
    heard: &Heard,
) -> Result<Exported, Error> {
    let settings = settings_of(environment);
    let source = Source {
        database_url: &settings.database_url,
        storage: wiring::storage(&settings.store).unwrap(),
        secret_key: &settings.secrets.secret_key,
        application: "0.0.0",
        now: Clock::system().now(),
    };
    backup::export(&source, folder, heard).await
}

/// Imports in the test's own process.
async fn import(
    environment: &Environment,
    folder: &Path,
    verify: bool,
    heard: &Heard,
) -> Result<Imported, Error> {
    let settings = settings_of(environment);
    let target = Target {
        database_url: &settings.database_url,
        storage: wiring::storage(&settings.store).unwrap(),
        secret_key: &settings.secrets.secret_key,
        previous_secret_key: settings.secrets.previous_secret_key.as_ref(),
        verify,
        other_secret_key: environment.contains_key("OTHER_SECRET_KEY"),
    };
    backup::import(&target, folder, heard).await
}

/// The vault's copy in a new folder.
async fn exported(app: &TestApp) -> Folder {
    let folder = Folder::new();
    let environment = commanding(&app.environment, &app.database);
    let done = export(&environment, &folder.path(), &Heard::default()).await;
    assert_eq!(done.unwrap().lost, 0);
    folder
}

/// A new database and an empty bucket, for a vault like that one.
struct Place {
    database: TestDatabase,
    bucket: TestBucket,
    environment: Environment,
}

impl Place {
    async fn like(app: &TestApp) -> Self {
        Self::new(&app.environment).await
    }

    async fn new(environment: &Environment) -> Self {
        let database = TestDatabase::create().await;
        let bucket = TestBucket::create(&testkit::env("MINIO_ENDPOINT")).await;
        let mut environment = commanding(environment, &database);
        for (name, value) in [
            ("DATABASE_URL", database.app_url.clone()),
            ("MINIO_BUCKET", bucket.name().to_owned()),
            ("MINIO_ENDPOINT", testkit::env("MINIO_ENDPOINT")),
            ("REDIS_PREFIX", format!("test-{}", Uuid::new_v4().simple())),
        ] {
            environment.insert(name.to_owned(), value);
        }
        Self {
            database,
            bucket,
            environment,
        }
    }

    async fn import(&self, folder: &Folder) -> Result<Imported, Error> {
        import(&self.environment, &folder.path(), false, &Heard::default()).await
    }

    /// Runs a command of the server's here.
    async fn command(&self, arguments: &[&str]) -> (Option<i32>, String) {
        run("server", arguments, &self.environment).await
    }

    /// Nothing came in: another import may be made.
    async fn assert_vacant(&self) {
        for (table, rows) in self.database.rows().await {
            let may_be = ["_sqlx_migrations", "audit_log", "audit_chains"];
            let is_ours = !may_be.contains(&table.as_str()) && !LEFT_OUT.contains(&table.as_str());
            assert!(!is_ours || rows.is_empty(), "{table}: {rows:?}");
        }
    }

    /// The log is unbroken, the store whole, the counts right: as the commands say.
    async fn assert_sound(&self) {
        let (code, said) = self.command(&["audit", "verify"]).await;
        assert_eq!(code, Some(0), "{said}");
        let (code, said) = self.command(&["quota", "recount"]).await;
        assert_eq!(code, Some(0), "{said}");
        assert!(said.starts_with("0 counts"), "{said}");
        let (code, said) = self.command(&["scrub"]).await;
        assert_eq!(code, Some(0), "{said}");
    }

    /// Starts the vault. Its first admin is whoever it was.
    async fn start(self) -> TestApp {
        Setup::default()
            .without_accounts()
            .with("MINIO_BUCKET", self.bucket.name())
            .with_database(self.database)
            .start()
            .await
    }
}

/// Signs in with the password alone.
async fn signed_in(app: &TestApp, login: &str) -> Client {
    let (token, _) = crate::accounts::signed_in(app, login).await;
    app.client.with_token(token)
}

/// A document's bytes as its owner downloads them.
async fn bytes(client: &Client, id: Uuid) -> Vec<u8> {
    let answer = client.get(&format!("/api/documents/{id}/content")).await;
    assert_eq!(answer.status(), reqwest::StatusCode::OK);
    answer.bytes().await.unwrap().to_vec()
}
