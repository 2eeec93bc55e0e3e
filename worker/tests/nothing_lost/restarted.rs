//! Redis is restarted, and forgets everything, in mid-job. (PostgreSQL's restart takes a cluster of its
//! own: `away_for_a_minute`.)

use super::scene::{Scene, letter};
use supervisor::{Purpose, Redis};
use testkit::{Fault, Setup};

/// A worker holds a letter, another letter waits, and a third comes after.
#[tokio::test]
async fn redis_in_mid_job() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Redis::start(folder.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let scene = Scene::set_up(Setup::default().with("REDIS_URL", redis.url())).await;
    scene.store.fail(|passing| {
        let here = passing.method == "GET" && passing.path.ends_with(".pdf");
        if here {
            Fault::HoldRequest
        } else {
            Fault::None
        }
    });
    let held = scene.app.client.upload("held.pdf", letter()).await.id;
    let mut worker = scene.worker();
    scene.store.held().await;
    let waits = scene.app.client.upload("waits.pdf", letter()).await.id;
    redis.stop().await.unwrap();
    for file in ["appendonlydir", "appendonly.aof"] {
        let path = folder.path().join(file);
        // Which of them there is depends on Redis' version.
        drop(std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path)));
    }
    redis.start_again().await.unwrap();
    scene.store.heal();
    let later = scene.app.client.upload("later.pdf", letter()).await.id;
    scene.happened_once(&[held, waits, later]).await;
    let begun = "SELECT max(attempts)::bigint FROM jobs";
    assert_eq!(scene.number(begun).await, 1, "nobody lost a lease by that");
    assert_eq!(worker.stop(), Some(0));
}
