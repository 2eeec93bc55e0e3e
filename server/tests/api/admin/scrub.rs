//! `GET` and `POST /api/admin/scrub`, and the page Store.

use crate::support::problem;
use domain::{Caller, Kind};
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Client, POST, TestApp};
use wire::ScrubReport;

const SCRUB: &str = "/api/admin/scrub";

async fn page(client: &Client) -> String {
    let page = client.get("/admin/store").await;
    assert_eq!(page.status(), StatusCode::OK);
    page.text().await.unwrap()
}

async fn look(app: &TestApp) -> i64 {
    let (services, vault) = (app.services(), Caller::system("a test"));
    let now = domain::Clock::system().now();
    let scrub = services.scrubbing().whole(&vault, now, |_| {}).await;
    scrub.unwrap().findings
}

#[tokio::test]
async fn nobody_has_looked_yet() {
    let app = TestApp::start().await;
    let report: ScrubReport = app.client.get(SCRUB).await.json().await.unwrap();
    assert_eq!(report, ScrubReport::default());
    assert!(page(&app.client).await.contains("Nobody has looked yet"));
}

#[tokio::test]
async fn asking_twice_is_asking_once_and_is_logged() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        let asked = app.client.send(POST, SCRUB, json!({})).await;
        assert_eq!(asked.status(), StatusCode::ACCEPTED);
        let report: ScrubReport = asked.json().await.unwrap();
        assert!(report.started_at.is_some() && report.finished_at.is_none());
    }
    let number = async |query| app.database.number(query).await;
    assert_eq!(number("SELECT count(*) FROM scrubs").await, 1);
    let logged = "SELECT count(*) FROM audit_log WHERE event_type = 'scrub.requested'";
    assert_eq!(number(logged).await, 1);
    assert!(page(&app.client).await.contains("A worker is looking now"));
}

#[tokio::test]
async fn the_page_says_what_is_wrong_and_what_to_do() {
    let app = TestApp::start().await;
    let whole = app.client.upload("whole.txt", "A letter.").await;
    assert_eq!(look(&app).await, 0);
    assert!(
        page(&app.client)
            .await
            .contains("Everything is there and whole.")
    );
    let keys = "SELECT object_key FROM documents";
    let key = app.database.texts(keys).await.remove(0);
    app.bucket.remove(&key).await;
    assert_eq!(look(&app).await, 1);
    let page = page(&app.client).await;
    for part in ["Missing file", key.as_str(), "Restore this object", "admin"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("whole.txt"), "admins see nobody's documents");
    let report: ScrubReport = app.client.get(SCRUB).await.json().await.unwrap();
    assert_eq!(report.findings[0].document_id, Some(whole.id));
}

#[tokio::test]
async fn the_button_works_without_scripts() {
    let app = TestApp::start().await;
    let answer = app
        .client
        .request(POST, "/_fn/admin/scrub_now")
        .header("accept", "text/html")
        .header("referer", format!("{}/admin/store", app.client.base))
        .header("content-type", "application/x-www-form-urlencoded")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert_eq!(answer.headers()["location"], "/admin/store");
    assert_eq!(app.database.number("SELECT count(*) FROM scrubs").await, 1);
}

#[tokio::test]
async fn only_admins_ask_and_only_the_vault_looks() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    problem(ada.get(SCRUB).await, 403).await;
    problem(ada.send(POST, SCRUB, json!({})).await, 403).await;
    assert_eq!(ada.get("/admin/store").await.status(), 403);
    let (services, now) = (app.services(), domain::Clock::system().now());
    let nobody = Caller::anonymous("a test");
    let scrubbing = services.scrubbing();
    let refused = scrubbing.step(&nobody, now).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Unauthenticated);
    let refused = scrubbing
        .report(&Caller::system("a test"))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    assert_eq!(app.database.number("SELECT count(*) FROM scrubs").await, 0);
}
