//! A part of the system is away for a minute. At most two of these run at once (`.config/nextest.toml`).

use super::scene::{Scene, letter};
use std::time::Duration;
use supervisor::{Postgres, Purpose, Redis};
use testkit::{Fault, Setup, TestDatabase};
use tokio::time::{Instant, interval};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_secs(60);

/// How often people come while it is away.
const OFTEN: Duration = Duration::from_secs(5);

/// What people meet while a part is away.
async fn for_a_minute(mut people: impl AsyncFnMut()) {
    let end = Instant::now() + MINUTE;
    let mut ticks = interval(OFTEN);
    while Instant::now() < end {
        ticks.tick().await;
        people().await;
    }
}

async fn refused(scene: &Scene) {
    let answer = scene.app.client.attempt_upload("refused.pdf", letter());
    assert_eq!(answer.await, Some(503));
}

/// A letter that a worker fetches from the store just now.
async fn being_fetched(scene: &Scene) -> Uuid {
    scene.store.fail(|passing| {
        let here = passing.method == "GET" && passing.path.ends_with(".pdf");
        if here {
            Fault::HoldRequest
        } else {
            Fault::None
        }
    });
    let id = scene.app.client.upload("letter.pdf", letter()).await.id;
    scene.store.held().await;
    id
}

#[tokio::test]
async fn redis() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Redis::start(folder.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let scene = Scene::set_up(Setup::default().with("REDIS_URL", redis.url())).await;
    let mut worker = scene.worker();
    let mut letters = vec![being_fetched(&scene).await];
    redis.stop().await.unwrap();
    scene.store.heal();
    for_a_minute(async || {
        letters.push(scene.app.client.upload("letter.pdf", letter()).await.id);
    })
    .await;
    let first = scene.app.client.document(letters[0]).await;
    assert_eq!(
        first.status, "ready",
        "what was begun goes on without Redis"
    );
    redis.start_again().await.unwrap();
    scene.happened_once(&letters).await;
    assert_eq!(worker.stop(), Some(0));
    scene.no_temporary_files();
}

#[tokio::test]
async fn postgres_which_is_then_restarted() {
    let folder = tempfile::tempdir().unwrap();
    let mut cluster = Postgres::start(folder.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let database = TestDatabase::create_in(&cluster).await;
    let scene = Scene::set_up(Setup::default().with_database(database)).await;
    let mut worker = scene.worker();
    let first = being_fetched(&scene).await;
    cluster.stop().await.unwrap();
    scene.store.heal();
    for_a_minute(async || refused(&scene).await).await;
    cluster.start_again().await.unwrap();
    scene.happened_once(&[first]).await;
    let second = being_fetched(&scene).await;
    cluster.stop().await.unwrap();
    cluster.start_again().await.unwrap();
    scene.store.heal();
    scene.happened_once(&[first, second]).await;
    assert_eq!(worker.stop(), Some(0));
    scene.no_temporary_files();
}

#[tokio::test]
async fn the_object_store() {
    let mut scene = Scene::new().await;
    let mut worker = scene.worker();
    let first = being_fetched(&scene).await;
    let waits = scene.app.client.upload("waits.pdf", letter()).await.id;
    scene.store.away();
    scene.store.fail(|_| Fault::Cut);
    scene.store.cut_held();
    for_a_minute(async || refused(&scene).await).await;
    scene.store.heal();
    scene.store.back().await;
    scene.happened_once(&[first, waits]).await;
    let begun = "SELECT max(attempts)::bigint FROM jobs";
    assert_eq!(scene.number(begun).await, 1, "it is not the letters' fault");
    assert_eq!(worker.stop(), Some(0));
    scene.no_temporary_files();
}
