//! Each service alone: who may do what in it, and that an outage loses nothing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::process::{Command, Output};

use s3::creds::Credentials;
use s3::error::S3Error;
use s3::{Bucket, BucketConfiguration, Region};
use supervisor::{KeyPair, ObjectStore, Postgres, Purpose, Redis, S3Server};
use support::{psql, text};

fn denied(output: &Output) -> bool {
    !output.status.success() && text(&output.stderr).contains("permission denied")
}

#[tokio::test]
async fn postgres_has_a_role_for_rows_and_a_role_for_tables() {
    let dir = tempfile::tempdir().unwrap();
    let mut postgres = Postgres::start(dir.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let app = postgres.app_url();
    let migrate = postgres.migrate_url();

    assert!(denied(&psql(&app, "CREATE TABLE mine (id int)")));
    assert!(denied(&psql(&app, "CREATE TEMPORARY TABLE mine (id int)")));
    assert!(denied(&psql(&app, "CREATE SCHEMA mine")));

    let made = psql(
        &migrate,
        "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE TABLE letters (id int);
         GRANT SELECT, INSERT ON letters TO docuvault_app",
    );
    assert!(made.status.success(), "{}", text(&made.stderr));

    assert!(
        psql(&app, "INSERT INTO letters VALUES (1)")
            .status
            .success()
    );
    for forbidden in ["DROP TABLE letters", "ALTER TABLE letters ADD name text"] {
        let refused = psql(&app, forbidden);
        assert!(
            text(&refused.stderr).contains("must be owner"),
            "{forbidden}"
        );
    }

    postgres.stop().await.unwrap();
    assert!(!psql(&app, "SELECT 1").status.success());
    postgres.start_again().await.unwrap();
    assert_eq!(
        text(&psql(&app, "SELECT count(*) FROM letters").stdout).trim(),
        "1"
    );
    postgres.stop().await.unwrap();

    let mut next_day = Postgres::start(dir.path(), Purpose::Throwaway)
        .await
        .unwrap();
    assert_eq!(next_day.app_url(), app);
    next_day.stop().await.unwrap();
}

fn redis_cli(url: &str, arguments: &[&str]) -> String {
    let output = Command::new("redis-cli")
        .args(["--no-auth-warning", "-u", url])
        .args(arguments)
        .output()
        .unwrap();
    text(&output.stdout).trim().to_owned()
}

#[tokio::test]
async fn redis_asks_for_its_password_and_keeps_what_it_has() {
    let dir = tempfile::tempdir().unwrap();
    let mut redis = Redis::start(dir.path(), Purpose::Keep).await.unwrap();
    let url = redis.url();
    assert_eq!(redis_cli(&url, &["SET", "letter", "read"]), "OK");
    let (_, address) = url.split_once('@').unwrap();
    let without = redis_cli(&format!("redis://{address}"), &["GET", "letter"]);
    assert!(without.contains("NOAUTH"), "{without}");

    redis.stop().await.unwrap();
    assert_eq!(redis_cli(&url, &["GET", "letter"]), "");
    redis.start_again().await.unwrap();
    assert_eq!(redis_cli(&url, &["GET", "letter"]), "read");
    redis.stop().await.unwrap();
}

struct Client {
    region: Region,
    credentials: Credentials,
}

impl Client {
    fn new(store: &ObjectStore, key: &KeyPair) -> Self {
        Self {
            region: Region::Custom {
                region: store.region().to_owned(),
                endpoint: store.endpoint(),
            },
            credentials: Credentials::new(Some(&key.access), Some(&key.secret), None, None, None)
                .unwrap(),
        }
    }

    fn bucket(&self, name: &str) -> Box<Bucket> {
        Bucket::new(name, self.region.clone(), self.credentials.clone())
            .unwrap()
            .with_path_style()
    }

    async fn create(&self, name: &str) -> Result<(), S3Error> {
        let configuration = BucketConfiguration::default();
        Bucket::create_with_path_style(
            name,
            self.region.clone(),
            self.credentials.clone(),
            configuration,
        )
        .await
        .map(|_| ())
    }
}

fn status<T>(result: Result<T, S3Error>) -> u16 {
    match result {
        Ok(_) => 200,
        Err(S3Error::HttpFailWithBody(status, _)) => status,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_applications_key_is_for_its_own_buckets() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = ObjectStore::start(S3Server::S3s, dir.path(), "docuvault")
        .await
        .unwrap();
    let root = Client::new(&store, store.root_key().unwrap());
    let app = Client::new(&store, store.app_key());
    let wrong_key = KeyPair {
        access: store.app_key().access.clone(),
        secret: "guessed".to_owned(),
    };
    let stranger = Client::new(&store, &wrong_key);

    let own = app.bucket("docuvault");
    assert_eq!(status(own.put_object("letter", b"dear").await), 200);
    assert_eq!(status(app.create("test-1").await), 200);
    assert_eq!(status(app.create("other").await), 403);
    assert_eq!(status(root.create("other").await), 200);
    let others = root.bucket("other");
    assert_eq!(status(others.put_object("diary", b"dear").await), 200);

    let reached = app.bucket("other");
    assert_eq!(status(reached.get_object("diary").await), 403);
    assert_eq!(status(reached.put_object("diary", b"x").await), 403);
    assert_eq!(status(reached.list(String::new(), None).await), 403);
    assert_eq!(status(reached.delete_object("diary").await), 403);
    for (client, expected) in [(&app, 403), (&root, 200)] {
        let mut copying = client.bucket("docuvault");
        copying.add_header("x-amz-copy-source", "/other/diary");
        assert_eq!(status(copying.put_object("copy", b"").await), expected);
    }
    let guessed = stranger.bucket("docuvault");
    assert_eq!(status(guessed.get_object("letter").await), 403);

    store.stop().await.unwrap();
    assert!(own.get_object("letter").await.is_err());
    store.start_again().await.unwrap();
    let read = own.get_object("letter").await.unwrap();
    assert_eq!(read.as_slice(), b"dear");
}
