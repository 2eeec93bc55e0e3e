//! A worker that is asked to stop gives its jobs to others at once, within the time that containers are
//! given; and what it logs of a job says which.

use crate::look::Jobs;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::{LoggedProcess, PATIENCE, Setup, TestApp, files, until};
use tokio::net::TcpListener;

const NOTES: &str = "notes_on_insurance.txt";

const LIMIT: Duration = Duration::from_secs(10);

/// A vault whose filing provider takes every call and never answers, and a document that is being filed.
/// Leases are long: nobody gets a job because one has run out.
async fn filing_without_end() -> (TestApp, LoggedProcess, uuid::Uuid, TcpListener) {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = Setup::default()
        .with(
            "OLLAMA_URL",
            format!("http://{}/", silent.local_addr().unwrap()),
        )
        .with("WORKER_LEASE_SECONDS", "600")
        .with("WORKER_RECONCILE_SECONDS", "600")
        .with("LOG", "info")
        .with("LOG_JSON", "true")
        .start()
        .await;
    app.client
        .create_topic("Energy", "Electricity and gas.")
        .await;
    let settings =
        json!({ "active_provider": "ollama", "providers": { "ollama": { "model": "a" } } });
    let set = app
        .client
        .send(testkit::PATCH, "/api/settings", settings)
        .await;
    assert_eq!(set.status(), 200, "{}", set.text().await.unwrap());
    let worker = LoggedProcess::start("worker", &app.environment);
    let document = app.client.upload(NOTES, files::sample(NOTES)).await;
    until("filing", PATIENCE, async || {
        let now = app.client.document(document.id).await;
        Ok((now.stage.as_deref() == Some("filing")).then_some(()))
    })
    .await
    .unwrap();
    (app, worker, document.id, silent)
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_another_workers_at_once() {
    let (mut app, mut worker, id, _silent) = filing_without_end().await;
    let asked = Instant::now();
    worker.signal("TERM");
    assert_eq!(worker.ended().await, Some(0), "{}", worker.log());
    assert!(asked.elapsed() < LIMIT, "it took {:?}", asked.elapsed());
    let jobs = Jobs::of(&app, id).await;
    assert_eq!(
        (jobs.states, jobs.attempts),
        (vec!["queued".to_owned()], vec![0]),
        "{}",
        worker.log()
    );
    // It is on its way already: the next worker needs neither the lease's end nor the reconciler.
    let settings = json!({ "active_provider": "local" });
    app.client
        .send(testkit::PATCH, "/api/settings", settings)
        .await;
    app.start_worker();
    assert_eq!(app.client.finished(id).await.status, "ready");
    app.stop().await;
}

#[tokio::test]
async fn asked_a_second_time_a_worker_ends_at_once() {
    let (_app, mut worker, _, _silent) = filing_without_end().await;
    worker.signal("TERM");
    until("the first to be heard", PATIENCE, async || {
        Ok(worker.log().contains("stopping").then_some(()))
    })
    .await
    .unwrap();
    let asked = Instant::now();
    worker.signal("TERM");
    assert_eq!(worker.ended().await, Some(1), "{}", worker.log());
    assert!(asked.elapsed() < LIMIT / 4, "it took {:?}", asked.elapsed());
}

#[tokio::test]
async fn what_is_logged_of_a_job_says_which() {
    let app = Setup::default()
        .with("LOG", "info")
        .with("LOG_JSON", "true")
        .start()
        .await;
    let mut worker = LoggedProcess::start("worker", &app.environment);
    let document = app.client.upload("broken.pdf", "%PDF-1.4\n1 0 obj").await;
    app.client.finished(document.id).await;
    let job = Jobs::of(&app, document.id).await.ids[0].to_string();
    worker.signal("TERM");
    assert_eq!(worker.ended().await, Some(0));
    let mut about = 0;
    for line in worker.log().lines() {
        let parsed: Value = serde_json::from_str(line).unwrap();
        let spans = parsed["spans"].as_array().cloned().unwrap_or_default();
        let named = spans.iter().any(|span| span["job_id"] == job.as_str());
        assert_eq!(named, line.contains(&job), "{line}");
        about += usize::from(named);
    }
    assert!(about > 0, "{}", worker.log());
}

/// The worker's metrics are its own: the server's port is another.
#[tokio::test]
async fn a_worker_shows_what_it_did() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let app = Setup::default()
        .with("WORKER_METRICS_BIND", &address)
        .start()
        .await;
    let _worker = LoggedProcess::start("worker", &app.environment);
    let document = app.client.upload("a.txt", "A letter.").await;
    app.client.finished(document.id).await;
    let client = testkit::Client::new(format!("http://{address}"));
    let shown = until("the job to be counted", PATIENCE, async || {
        let shown = client.get("/metrics").await.text().await?;
        Ok(shown
            .contains("docuvault_jobs_total{outcome=\"ended\"} 1")
            .then_some(shown))
    })
    .await
    .unwrap();
    assert!(shown.contains("binary=\"worker\""), "{shown}");
    assert!(
        shown.contains("docuvault_stage_duration_seconds_bucket{stage=\"reading\""),
        "{shown}"
    );
}
