//! One suite for every backend: in memory, and on a real S3 server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use bytes::Bytes;
use domain::Kind;
use futures::{StreamExt, TryStreamExt, stream};
use s3::{Bucket, BucketConfiguration, Region, creds::Credentials};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use storage::{ByteStream, Config, Error, MinioConfig, Presigned, StorageBackend};
use uuid::Uuid;

type Backend = Arc<dyn StorageBackend>;

const MIB: usize = 1024 * 1024;

fn memory() -> Backend {
    storage::build(Config::Memory).unwrap()
}

fn env(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests with `make test`"))
}

/// A bucket of the test's own, used with the key of an app.
async fn minio() -> Backend {
    storage::build(Config::Minio(bucket().await)).unwrap()
}

async fn bucket() -> MinioConfig {
    let (endpoint, bucket) = (
        env("MINIO_ENDPOINT"),
        format!("test-{}", Uuid::new_v4().simple()),
    );
    let region = Region::Custom {
        region: "us-east-1".to_owned(),
        endpoint: endpoint.clone(),
    };
    let (user, password) = (env("MINIO_ROOT_USER"), env("MINIO_ROOT_PASSWORD"));
    let root = Credentials::new(Some(&user), Some(&password), None, None, None).unwrap();
    Bucket::create_with_path_style(&bucket, region, root, BucketConfiguration::default())
        .await
        .unwrap();
    MinioConfig {
        public_endpoint: Some(endpoint.clone()),
        endpoint,
        region: "us-east-1".to_owned(),
        bucket,
        access_key: env("MINIO_ACCESS_KEY"),
        secret_key: env("MINIO_SECRET_KEY"),
    }
}

/// Bytes that differ everywhere, in pieces of an odd size.
fn bytes(size: usize) -> Vec<u8> {
    (0..size as u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

fn body(bytes: &[u8]) -> ByteStream {
    let pieces: Vec<_> = bytes
        .chunks(99_991)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces).boxed()
}

fn broken(bytes: &[u8]) -> ByteStream {
    let error = Error::Source(domain::Error::new(
        Kind::BadRequest,
        "broken_form",
        "It broke off.",
    ));
    body(bytes)
        .chain(stream::once(async { Err(error) }))
        .boxed()
}

async fn put(store: &Backend, key: &str, bytes: &[u8]) {
    let size = store
        .put(key, "application/octet-stream", body(bytes))
        .await
        .unwrap();
    assert_eq!(size, bytes.len() as u64);
}

async fn read(store: &Backend, key: &str, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let pieces: Vec<Bytes> = store
        .get(key, range)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    pieces.concat()
}

async fn keys(store: &Backend) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut after = None;
    loop {
        let page = store.list(after).await.unwrap();
        for entry in page.entries {
            assert!(
                keys.insert(entry.key.clone()),
                "{} is listed twice",
                entry.key
            );
        }
        after = page.next;
        if after.is_none() {
            return keys;
        }
    }
}

fn is_missing<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::NotFound))
}

async fn what_is_put_can_be_got(store: Backend) {
    for size in [0, 1, 99_991, 100_000] {
        let (key, bytes) = (format!("null/sizes/{size}"), bytes(size));
        put(&store, &key, &bytes).await;
        assert!(read(&store, &key, None).await == bytes, "{size} bytes");
    }
    put(&store, "null/sizes/1", b"written again").await;
    assert_eq!(read(&store, "null/sizes/1", None).await, b"written again");
}

async fn a_large_object_is_whole(store: Backend) {
    // Exactly two parts; two and a byte; less than one.
    for size in [16 * MIB, 16 * MIB + 1, 8 * MIB - 1] {
        let bytes = bytes(size);
        put(&store, "null/large", &bytes).await;
        assert!(
            read(&store, "null/large", None).await == bytes,
            "{size} bytes"
        );
        let border = 8 * MIB - 10;
        let expected = &bytes[border..(border + 20).min(size)];
        assert!(
            read(
                &store,
                "null/large",
                Some(border as u64..border as u64 + 20)
            )
            .await
                == expected
        );
    }
}

async fn ranges_are_what_they_say(store: Backend) {
    put(&store, "null/digits", b"0123456789").await;
    for (range, expected) in [
        (0..10, "0123456789"),
        (0..1, "0"),
        (9..10, "9"),
        (3..7, "3456"),
        (8..100, "89"),
        (4..4, ""),
    ] {
        assert_eq!(
            read(&store, "null/digits", Some(range.clone())).await,
            expected.as_bytes(),
            "{range:?}"
        );
    }
}

async fn what_is_not_there_is_missing(store: Backend) {
    assert!(is_missing(store.get("null/nothing", None).await));
    put(&store, "null/something", b"x").await;
    store.delete("null/something").await.unwrap();
    assert!(is_missing(store.get("null/something", None).await));
    store.delete("null/something").await.unwrap();
    store.delete("null/never-was").await.unwrap();
}

async fn a_list_names_every_object(store: Backend) {
    assert_eq!(keys(&store).await, BTreeSet::new());
    let expected: BTreeSet<String> = (0..12).map(|n| format!("null/{n}/file.txt")).collect();
    for key in &expected {
        put(&store, key, b"x").await;
    }
    assert_eq!(keys(&store).await, expected);
    store.delete("null/5/file.txt").await.unwrap();
    assert_eq!(keys(&store).await.len(), 11);
}

async fn bytes_that_stop_coming_leave_nothing(store: Backend) {
    for size in [0, 1000, 8 * MIB, 18 * MIB] {
        let error = store
            .put("null/broken", "text/plain", broken(&bytes(size)))
            .await
            .unwrap_err();
        let Error::Source(error) = error else {
            panic!("{size} bytes: {error}")
        };
        assert_eq!(error.code, "broken_form");
        assert!(
            is_missing(store.get("null/broken", None).await),
            "{size} bytes"
        );
    }
    assert_eq!(keys(&store).await, BTreeSet::new());
}

async fn an_object_that_is_there_survives_a_broken_put(store: Backend) {
    put(&store, "null/kept", b"kept").await;
    for size in [1000, 18 * MIB] {
        store
            .put("null/kept", "text/plain", broken(&bytes(size)))
            .await
            .unwrap_err();
    }
    assert_eq!(read(&store, "null/kept", None).await, b"kept");
}

async fn many_at_once(store: Backend) {
    let all = (0..8).map(|n| {
        let store = &store;
        async move {
            let (key, bytes) = (format!("null/many/{n}"), bytes(200_000 + n));
            put(store, &key, &bytes).await;
            assert!(read(store, &key, None).await == bytes);
        }
    });
    futures::future::join_all(all).await;
    assert_eq!(keys(&store).await.len(), 8);
}

async fn it_is_healthy(store: Backend) {
    store.health().await.unwrap();
}

/// Every test of the suite for every backend.
macro_rules! conformance {
    ($($test:ident),* $(,)?) => {
        mod in_memory {
            $(#[tokio::test] async fn $test() { super::$test(super::memory()).await; })*
        }
        mod on_s3 {
            $(#[tokio::test] async fn $test() { super::$test(super::minio().await).await; })*
        }
    };
}

conformance!(
    what_is_put_can_be_got,
    a_large_object_is_whole,
    ranges_are_what_they_say,
    what_is_not_there_is_missing,
    a_list_names_every_object,
    bytes_that_stop_coming_leave_nothing,
    an_object_that_is_there_survives_a_broken_put,
    many_at_once,
    it_is_healthy,
);

fn presigned() -> Presigned {
    Presigned {
        lifetime: Duration::from_secs(60),
        content_type: "text/plain; charset=utf-8".to_owned(),
        content_disposition:
            "attachment; filename=\"a + b_c.txt\"; filename*=UTF-8''a%20%2B%20b%2Fc.txt".to_owned(),
    }
}

#[tokio::test]
async fn a_presigned_address_lets_whoever_knows_it_read_that_object() {
    let store = minio().await;
    put(&store, "null/a", b"hello").await;
    let address = store.presigned_get("null/a", &presigned()).await;
    let address = address.unwrap().unwrap();
    assert!(
        address.contains("/null/a?") && address.contains("X-Amz-Expires=60"),
        "{address}"
    );
    assert!(!address.contains(&env("MINIO_SECRET_KEY")));
    // Built together with the server, the HTTP client has TLS in it and wants this.
    drop(rustls::crypto::ring::default_provider().install_default());
    let answer = reqwest::get(&address).await.unwrap();
    assert_eq!(answer.status(), 200, "{address}");
    assert_eq!(answer.text().await.unwrap(), "hello");

    let another = address.replace("/null/a?", "/null/b?");
    assert_eq!(reqwest::get(another).await.unwrap().status(), 403);
    let inline = address.replace("attachment", "inline");
    assert_eq!(reqwest::get(inline).await.unwrap().status(), 403);
}

#[tokio::test]
async fn where_browsers_can_not_reach_the_store_there_are_no_addresses() {
    let hidden = MinioConfig {
        public_endpoint: None,
        ..bucket().await
    };
    let hidden = storage::build(Config::Minio(hidden)).unwrap();
    for store in [hidden, memory()] {
        let address = store.presigned_get("null/a", &presigned()).await;
        assert_eq!(address.unwrap(), None);
    }
}

#[tokio::test]
async fn a_list_of_more_than_one_page_is_whole() {
    let store = minio().await;
    let all = (0..1_050).map(|n| {
        let store = &store;
        async move { put(store, &format!("null/{n:04}"), b"x").await }
    });
    stream::iter(all)
        .buffer_unordered(16)
        .collect::<Vec<()>>()
        .await;
    assert_eq!(keys(&store).await.len(), 1_050);
}

#[tokio::test]
async fn a_key_that_is_refused_and_a_store_that_is_away_are_told_apart() {
    let config = bucket().await;
    let refused = MinioConfig {
        secret_key: "wrong".to_owned(),
        ..config.clone()
    };
    let away = MinioConfig {
        endpoint: "http://127.0.0.1:1".to_owned(),
        ..config
    };
    let refused = storage::build(Config::Minio(refused)).unwrap();
    assert!(matches!(refused.health().await, Err(Error::Refused(_))));
    assert!(matches!(
        refused.get("null/a", None).await,
        Err(Error::Refused(_))
    ));
    let away = storage::build(Config::Minio(away)).unwrap();
    assert!(matches!(away.health().await, Err(Error::Unavailable(_))));
    assert!(matches!(
        away.put("null/a", "text/plain", body(b"x")).await,
        Err(Error::Unavailable(_))
    ));
}

#[test]
fn a_configuration_does_not_show_its_keys() {
    let config = MinioConfig {
        endpoint: "http://127.0.0.1:1".to_owned(),
        public_endpoint: None,
        region: "us-east-1".to_owned(),
        bucket: "docuvault".to_owned(),
        access_key: "hidden-word".to_owned(),
        secret_key: "hidden-word".to_owned(),
    };
    assert!(!format!("{config:?}").contains("hidden-word"));
}
