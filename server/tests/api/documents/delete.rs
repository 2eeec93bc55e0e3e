//! `DELETE /api/documents/{id}`

use crate::support::{assert_nothing_left, problem};
use reqwest::Method;
use testkit::{TestApp, files};
use uuid::Uuid;

async fn delete(app: &TestApp, id: Uuid) -> reqwest::Response {
    app.client
        .request(Method::DELETE, &format!("/api/documents/{id}"))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn row_bytes_thumbnail_and_jobs_go() {
    let app = TestApp::start_with_worker().await;
    let id = app
        .client
        .upload("a.pdf", files::pdf(&["The first page"]))
        .await
        .id;
    assert!(app.client.finished(id).await.has_thumbnail);
    assert_eq!(app.bucket.keys().await.len(), 2);
    assert_eq!(delete(&app, id).await.status(), 204);
    problem(app.client.get(&format!("/api/documents/{id}")).await, 404).await;
    assert_nothing_left(&app).await;
    assert_eq!(
        app.database
            .number("SELECT count(*) FROM object_deletions")
            .await,
        0
    );
    assert_eq!(
        app.database
            .number("SELECT count(*) FROM document_pages")
            .await,
        0
    );
}

#[tokio::test]
async fn only_the_one_goes_and_only_once() {
    let app = TestApp::start().await;
    let stays = app.client.upload("a.txt", "the same").await.id;
    let goes = app.client.upload("b.txt", "the same").await.id;
    assert_eq!(delete(&app, goes).await.status(), 204);
    problem(delete(&app, goes).await, 404).await;
    assert_eq!(app.client.documents("").await.total, 1);
    let content = app
        .client
        .get(&format!("/api/documents/{stays}/content"))
        .await;
    assert_eq!(content.text().await.unwrap(), "the same");
}

#[tokio::test]
async fn what_duplicated_a_deleted_document_stays_without_the_flag() {
    let app = TestApp::start().await;
    let first = app.client.upload("a.txt", "the same").await.id;
    let second = app.client.upload("b.txt", "the same").await.id;
    assert_eq!(delete(&app, first).await.status(), 204);
    assert_eq!(app.client.document(second).await.duplicate_of, None);
}
