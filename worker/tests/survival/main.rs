//! What the queue promises, shown with real processes that are killed, paused and stopped, and a
//! Redis that forgets everything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod healthcheck;
mod look;
mod stopping;

use look::{Jobs, signal};
use supervisor::{Purpose, Redis};
use testkit::{PATIENCE, Process, Setup, TestApp, files, until};

const SCAN: &str = "scanned_rent_invoice.pdf";

/// A vault whose worker is a process of its own, and a scan that is being read by it.
async fn reading_a_scan() -> (TestApp, Process, uuid::Uuid) {
    let app = TestApp::start().await;
    let worker = Process::start("worker", &app.environment);
    let document = app.client.upload(SCAN, files::sample(SCAN)).await;
    until("reading", PATIENCE, async || {
        let now = app.client.document(document.id).await;
        assert_ne!(
            now.status, "ready",
            "the scan was read before the worker could be disturbed"
        );
        Ok((now.stage.as_deref() == Some("reading")).then_some(()))
    })
    .await
    .unwrap();
    (app, worker, document.id)
}

#[tokio::test]
async fn a_worker_killed_in_mid_job_is_replaced() {
    let (mut app, mut worker, id) = reading_a_scan().await;
    worker.kill();
    app.start_worker();
    let document = app.client.finished(id).await;
    assert_eq!(document.status, "ready", "{:?}", document.failure);
    assert!(
        document
            .extracted_text
            .unwrap()
            .to_lowercase()
            .contains("rent")
    );
    let jobs = Jobs::of(&app, id).await;
    assert_eq!(jobs.states, ["done"]);
    assert_eq!(jobs.attempts, [2], "the begin of the killed worker counts");
    assert_eq!(
        look::pages(&app, id).await,
        i64::from(document.page_count.unwrap()),
        "no page twice"
    );
}

#[tokio::test]
async fn a_paused_worker_writes_nothing_once_its_lease_is_taken() {
    let (mut app, mut paused, id) = reading_a_scan().await;
    signal("STOP", paused.id());
    app.start_worker();
    let by_the_other = app.client.finished(id).await;
    assert_eq!(by_the_other.status, "ready");
    signal("CONT", paused.id());
    assert_eq!(paused.stop(), Some(0));
    let after = app.client.document(id).await;
    assert_eq!(
        after, by_the_other,
        "the paused worker's result came too late and must not be written"
    );
    assert_eq!(Jobs::of(&app, id).await.states, ["done"]);
}

#[tokio::test]
async fn a_worker_asked_to_stop_finishes_or_gives_its_job_back_uncounted() {
    let (mut app, mut worker, id) = reading_a_scan().await;
    assert_eq!(worker.stop(), Some(0));
    let jobs = Jobs::of(&app, id).await;
    assert!(
        jobs.states == ["done"] || (jobs.states == ["queued"] && jobs.attempts == [0]),
        "{jobs:?}"
    );
    app.start_worker();
    assert_eq!(app.client.finished(id).await.status, "ready");
}

#[tokio::test]
async fn a_redis_that_forgets_everything_loses_no_job() {
    let folder = tempfile::tempdir().unwrap();
    let redis = Redis::start(folder.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let mut app = Setup::default()
        .with("REDIS_URL", redis.url())
        .start()
        .await;
    let before = app
        .client
        .upload("before.txt", "Before everything was forgotten.")
        .await;
    look::redis(&redis.url(), &["FLUSHALL"]);
    app.start_worker();
    assert_eq!(app.client.finished(before.id).await.status, "ready");
    // Now the group is there and is forgotten under the worker's eyes.
    look::redis(&redis.url(), &["FLUSHALL"]);
    let after = app
        .client
        .upload("after.txt", "After everything was forgotten.")
        .await;
    assert_eq!(app.client.finished(after.id).await.status, "ready");
    app.stop().await;
}

#[tokio::test]
async fn uploads_are_taken_while_redis_is_away_and_read_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Redis::start(folder.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let mut app = Setup::default()
        .with("REDIS_URL", redis.url())
        .start()
        .await;
    app.start_worker();
    let first = app
        .client
        .upload("first.txt", "While Redis is there.")
        .await;
    assert_eq!(app.client.finished(first.id).await.status, "ready");
    redis.stop().await.unwrap();
    let second = app
        .client
        .upload("second.txt", "While Redis is away.")
        .await;
    assert_eq!(second.status, "pending");
    redis.start_again().await.unwrap();
    assert_eq!(app.client.finished(second.id).await.status, "ready");
    app.stop().await;
}

#[tokio::test]
async fn a_message_that_comes_several_times_is_worked_off_once() {
    let mut app = TestApp::start().await;
    let document = app.client.upload("once.txt", "This is read once.").await;
    let job = Jobs::of(&app, document.id).await.ids[0].to_string();
    let stream = format!("{}:jobs:v1", app.environment["REDIS_PREFIX"]);
    for _ in 0..5 {
        look::redis(
            &app.environment["REDIS_URL"],
            &["XADD", &stream, "*", "job", &job],
        );
    }
    look::redis(
        &app.environment["REDIS_URL"],
        &["XADD", &stream, "*", "rubbish", "not a job"],
    );
    app.start_worker();
    app.start_worker();
    assert_eq!(app.client.finished(document.id).await.status, "ready");
    until("an empty stream", PATIENCE, async || {
        Ok(
            (look::redis(&app.environment["REDIS_URL"], &["XLEN", &stream]).trim() == "0")
                .then_some(()),
        )
    })
    .await
    .unwrap();
    assert_eq!(Jobs::of(&app, document.id).await.attempts, [1]);
}

#[tokio::test]
async fn a_job_begun_as_often_as_allowed_is_dead_and_its_document_says_so() {
    let mut app = TestApp::start().await;
    let document = app
        .client
        .upload("poison.txt", "Every worker dies of this.")
        .await;
    look::exhaust(&app, document.id).await;
    app.start_worker();
    let document = app.client.finished(document.id).await;
    assert_eq!(document.status, "failed");
    assert!(document.failure.unwrap().contains("tried several times"));
    assert_eq!(Jobs::of(&app, document.id).await.states, ["dead"]);
    // A person can still have it tried again.
    let again = app
        .client
        .send(
            look::POST,
            &format!("/api/documents/{}/retry", document.id),
            look::nothing(),
        )
        .await;
    assert!(again.status().is_success());
    assert_eq!(app.client.finished(document.id).await.status, "ready");
}

#[tokio::test]
async fn a_document_deleted_in_mid_job_leaves_nothing() {
    let (app, mut worker, id) = reading_a_scan().await;
    let gone = app
        .client
        .request(look::DELETE, &format!("/api/documents/{id}"))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status().as_u16(), 204);
    assert_eq!(worker.stop(), Some(0));
    let mut sweeper = app;
    sweeper.start_worker();
    until("an empty bucket", PATIENCE, async || {
        Ok(sweeper.bucket.keys().await.is_empty().then_some(()))
    })
    .await
    .unwrap();
    assert_eq!(sweeper.client.documents("").await.total, 0);
}
