//! `POST /api/documents/{id}/retry`

use crate::support::{document, problem};
use reqwest::{Method, Response, StatusCode};
use testkit::TestApp;
use uuid::Uuid;

async fn retry(app: &TestApp, id: Uuid) -> Response {
    app.client
        .request(Method::POST, &format!("/api/documents/{id}/retry"))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_failed_document_begins_anew() {
    let app = TestApp::start_with_worker().await;
    let id = app.client.upload("empty.txt", "").await.id;
    assert_eq!(app.client.finished(id).await.status, "failed");
    let begun = document(retry(&app, id).await, StatusCode::OK).await;
    assert_ne!(begun.status, "ready");
    let done = "SELECT count(*) FROM jobs WHERE kind = 'process' AND state = 'done'";
    testkit::until("the second try", testkit::PATIENCE, async || {
        Ok((app.database.number(done).await == 2).then_some(()))
    })
    .await
    .unwrap();
    assert_eq!(app.client.document(id).await.status, "failed");
}

#[tokio::test]
async fn a_document_that_did_not_fail_is_left_alone() {
    let app = TestApp::start_with_worker().await;
    let id = app.client.upload("a.txt", "text").await.id;
    assert_eq!(app.client.finished(id).await.status, "ready");
    assert_eq!(
        problem(retry(&app, id).await, 409).await.code,
        "document_not_failed"
    );
    problem(retry(&app, Uuid::new_v4()).await, 404).await;
    assert_eq!(app.database.number("SELECT count(*) FROM jobs").await, 1);
}
