//! Metrics on a port of their own.

use crate::support::closed_port;
use reqwest::Method;
use std::collections::BTreeSet;
use testkit::{Setup, TestApp};

const DOCUMENT: &str = include_str!("../../../../docs/operations.md");

struct Scraped(String);

impl Scraped {
    async fn from(address: &str) -> Self {
        let answer = reqwest::get(format!("http://{address}/metrics"))
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/plain; version=0.0.4")
        );
        Self(answer.text().await.unwrap())
    }

    /// The one series of that name with these labels.
    fn value(&self, name: &str, labels: &[&str]) -> f64 {
        let found: Vec<&str> = self
            .0
            .lines()
            .filter(|line| {
                let (series, _) = line.rsplit_once(' ').unwrap_or_default();
                series.split('{').next() == Some(name)
                    && labels.iter().all(|label| series.contains(label))
            })
            .collect();
        let [line] = found.as_slice() else {
            panic!(
                "{} series are {name} {labels:?} in:\n{}",
                found.len(),
                self.0
            )
        };
        line.rsplit_once(' ').unwrap().1.parse().unwrap()
    }

    fn series(&self) -> usize {
        self.0.lines().filter(|line| !line.starts_with('#')).count()
    }
}

#[tokio::test]
async fn the_public_port_shows_none() {
    let app = TestApp::start().await;
    let answer = app.client.get("/metrics").await;
    assert_eq!(answer.status(), 404);
    assert!(!answer.text().await.unwrap().contains("docuvault_"));
}

#[tokio::test]
async fn what_happens_is_counted_on_a_port_of_its_own() {
    let address = closed_port().await;
    let mut app = Setup::default()
        .with("METRICS_BIND", &address)
        .start()
        .await;
    let document = app.client.upload("a.txt", "A letter.").await;
    let before = Scraped::from(&address).await;
    assert_eq!(
        before.value("docuvault_build_info", &["binary=\"server\""]),
        1.0
    );
    assert_eq!(before.value("docuvault_queue_jobs", &["waiting"]), 1.0);
    assert_eq!(before.value("docuvault_uploads_total", &[]), 1.0);
    assert_eq!(before.value("docuvault_upload_bytes_total", &[]), 9.0);
    assert_eq!(before.value("docuvault_database_up", &[]), 1.0);
    assert_eq!(
        before.value("docuvault_database_connections_max", &[]),
        20.0
    );

    app.start_worker();
    app.client.finished(document.id).await;
    app.client
        .get(&format!("/api/documents/{}", uuid::Uuid::nil()))
        .await;
    let after = Scraped::from(&address).await;
    for state in ["waiting", "running", "dead"] {
        assert_eq!(
            after.value("docuvault_queue_jobs", &[state]),
            0.0,
            "{state}"
        );
    }
    assert_eq!(after.value("docuvault_queue_oldest_seconds", &[]), 0.0);
    for stage in ["reading", "filing"] {
        let labels = [stage, "outcome=\"ok\""];
        assert_eq!(
            after.value("docuvault_stage_duration_seconds_count", &labels),
            1.0
        );
    }
    assert_eq!(after.value("docuvault_jobs_total", &["ended"]), 1.0);
    assert_eq!(
        after.value("docuvault_provider_calls_total", &["local", "answered"]),
        1.0
    );
    assert_eq!(after.value("docuvault_errors_total", &["not_found"]), 1.0);
    let missing = ["route=\"/api/documents/{id}\"", "GET", "4xx"];
    assert_eq!(
        after.value("docuvault_http_request_duration_seconds_count", &missing),
        1.0
    );
    assert!(
        !after.0.contains(&document.id.to_string()),
        "a path is a label:\n{}",
        after.0
    );
    app.stop().await;
}

#[tokio::test]
async fn what_clients_make_up_makes_no_series() {
    let address = closed_port().await;
    let app = Setup::default()
        .with("METRICS_BIND", &address)
        .start()
        .await;
    let ask = async |n: usize| {
        for path in [
            format!("/no/such/{n}"),
            format!("/api/{n}"),
            format!("/documents/{n}"),
            format!("/pkg/{n}.js"),
        ] {
            app.client.get(&path).await;
            let made_up = Method::from_bytes(format!("METHOD{n}").as_bytes()).unwrap();
            app.client.request(made_up, &path).send().await.unwrap();
        }
    };
    ask(0).await;
    let series = Scraped::from(&address).await.series();
    for n in 1..8 {
        ask(n).await;
    }
    assert_eq!(Scraped::from(&address).await.series(), series);
}

#[tokio::test]
async fn a_database_that_is_away_is_said_and_stops_nothing_else() {
    let address = closed_port().await;
    let app = Setup::default()
        .with("METRICS_BIND", &address)
        .with("REDIS_PREFIX", "metrics-away")
        .start()
        .await;
    let _locked = app.database.lock("jobs").await;
    let scraped = Scraped::from(&address).await;
    assert_eq!(scraped.value("docuvault_database_up", &[]), 0.0);
    assert_eq!(scraped.value("docuvault_build_info", &[]), 1.0);
    let other = reqwest::get(format!("http://{address}/")).await.unwrap();
    assert_eq!(other.status(), 404);
}

/// Every name in backquotes that looks like one.
#[test]
fn the_document_names_every_metric_and_no_other() {
    let named: BTreeSet<&str> = DOCUMENT
        .split('`')
        .filter(|word| word.starts_with("docuvault_") && !word.contains(char::is_whitespace))
        .filter(|word| !word.contains(['{', '*', '.']))
        .filter(|word| *word != "docuvault_app")
        .collect();
    let known: BTreeSet<&str> = telemetry::metrics::ALL
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(named, known);
}
