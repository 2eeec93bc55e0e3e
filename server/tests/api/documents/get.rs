//! `GET /api/documents/{id}`

use crate::support::problem;
use testkit::TestApp;
use uuid::Uuid;

#[tokio::test]
async fn a_document_has_the_fields_that_the_vue_app_reads() {
    let app = TestApp::start().await;
    let id = app.client.upload("a.txt", "text").await.id;
    let json: serde_json::Value = app
        .client
        .get(&format!("/api/documents/{id}"))
        .await
        .json()
        .await
        .unwrap();
    for field in [
        "id",
        "original_name",
        "content_type",
        "size_bytes",
        "status",
        "topics",
        "classification_error",
        "created_at",
        "updated_at",
    ] {
        assert!(json.get(field).is_some(), "{field} is missing");
    }
    assert!(
        json["topics"].is_array()
            && json["size_bytes"].is_i64()
            && json["classification_error"].is_null()
    );
    assert!(json["created_at"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = TestApp::start().await;
    let unknown = problem(
        app.client
            .get(&format!("/api/documents/{}", Uuid::new_v4()))
            .await,
        404,
    )
    .await;
    assert_eq!(unknown.code, "document_not_found");
    for path in ["not-an-id", "1", "%00", "null"] {
        problem(app.client.get(&format!("/api/documents/{path}")).await, 404).await;
    }
}
