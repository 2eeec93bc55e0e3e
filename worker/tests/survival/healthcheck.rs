//! `worker healthcheck`: 0 while the worker runs and reaches its queue and its database, else 1 and a
//! sentence.

use std::collections::BTreeMap;
use supervisor::{Purpose, Redis};
use testkit::{LoggedProcess, PATIENCE, Relay, Setup, run_complaining, until};
use tokio::net::TcpListener;

async fn check(environment: &BTreeMap<String, String>) -> (Option<i32>, String) {
    run_complaining("worker", &["healthcheck"], environment).await
}

/// Until it says that, and nothing else is wrong.
async fn says(environment: &BTreeMap<String, String>, code: i32, words: &str) {
    let mut last = String::new();
    let said = until(words, PATIENCE, async || {
        let (ended, said) = check(environment).await;
        last = format!("{ended:?} {said}");
        Ok((ended == Some(code) && said.trim_end() == words).then_some(()))
    })
    .await;
    assert!(said.is_ok(), "it says: {last}");
}

fn authority(url: &str) -> String {
    let (_, rest) = url.rsplit_once('@').unwrap();
    rest.split('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn it_tells_what_the_worker_reaches() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Redis::start(folder.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let mut postgres = Relay::before(authority(&testkit::env("DATABASE_URL"))).await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let app = Setup::default()
        .with("REDIS_URL", redis.url())
        .with("WORKER_METRICS_BIND", &address)
        .writing_through(&postgres)
        .start()
        .await;
    let none = check(&app.environment).await;
    assert_eq!(none.0, Some(1));
    assert!(none.1.starts_with("The worker does not answer"), "{none:?}");

    let mut worker = LoggedProcess::start("worker", &app.environment);
    says(&app.environment, 0, "").await;
    postgres.away();
    let away = "The worker runs, but does not reach PostgreSQL.";
    says(&app.environment, 1, away).await;
    postgres.back().await;
    says(&app.environment, 0, "").await;
    redis.stop().await.unwrap();
    let away = "The worker runs, but does not reach Redis.";
    says(&app.environment, 1, away).await;
    redis.start_again().await.unwrap();
    says(&app.environment, 0, "").await;

    worker.signal("TERM");
    assert_eq!(worker.ended().await, Some(0));
    let gone = check(&app.environment).await;
    assert_eq!(gone.0, Some(1));
    assert!(gone.1.starts_with("The worker does not answer"), "{gone:?}");
}

#[tokio::test]
async fn without_the_setting_it_says_what_to_set() {
    let (code, said) = check(&BTreeMap::new()).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("Set it for the worker and here"), "{said}");
}
