//! `POST /api/documents/{id}/classify`

use crate::support::{document, form, problem, send_form};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use testkit::{TestApp, files};
use uuid::Uuid;
use wire::Document;

async fn classify(app: &TestApp, id: Uuid, query: &str, body: serde_json::Value) -> Response {
    app.client
        .send(
            Method::POST,
            &format!("/api/documents/{id}/classify{query}"),
            body,
        )
        .await
}

/// A vault with two topics and a text about insurance that was read and not filed.
async fn unfiled() -> (TestApp, Uuid) {
    let app = TestApp::start_with_worker().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    app.client
        .create_topic("Garden", "plants, seeds and tools")
        .await;
    let form =
        form("notes.txt", files::sample("notes_on_insurance.txt")).text("auto_classify", "false");
    let uploaded: Document = send_form(&app.client, form).await.json().await.unwrap();
    assert_eq!(app.client.finished(uploaded.id).await.topics, [""; 0]);
    (app, uploaded.id)
}

#[tokio::test]
async fn the_answer_has_the_result() {
    let (app, id) = unfiled().await;
    let filed = document(classify(&app, id, "", json!({})).await, StatusCode::OK).await;
    assert_eq!(
        (filed.status.as_str(), filed.topics),
        ("ready", vec!["Insurance".to_owned()])
    );
}

#[tokio::test]
async fn the_body_may_be_left_out() {
    let (app, id) = unfiled().await;
    let path = format!("/api/documents/{id}/classify");
    let response = app
        .client
        .request(Method::POST, &path)
        .send()
        .await
        .unwrap();
    assert_eq!(
        document(response, StatusCode::OK).await.topics,
        ["Insurance"]
    );
}

#[tokio::test]
async fn it_can_be_restricted_to_some_topics() {
    let (app, id) = unfiled().await;
    let others = document(
        classify(&app, id, "", json!({ "topics": ["Garden"] })).await,
        StatusCode::OK,
    )
    .await;
    assert!(
        !others.topics.contains(&"Insurance".to_owned()),
        "{:?}",
        others.topics
    );
    let both = json!({ "topics": ["Garden", "Insurance"] });
    assert_eq!(
        document(classify(&app, id, "", both).await, StatusCode::OK)
            .await
            .topics,
        ["Insurance"]
    );
}

#[tokio::test]
async fn a_topic_that_does_not_exist_is_refused() {
    let (app, id) = unfiled().await;
    let refused = problem(
        classify(&app, id, "", json!({ "topics": ["Garden", "Nothing"] })).await,
        422,
    )
    .await;
    assert_eq!(refused.errors[0].loc, ["body", "topics"]);
    for odd in ["Gar\0den", "", "Garden\n2"] {
        let refused = classify(&app, id, "", json!({ "topics": [odd] })).await;
        assert_eq!(
            problem(refused, 422).await.errors[0].loc,
            ["body", "topics"]
        );
    }
    problem(
        classify(&app, id, "", json!({ "topic": "Garden" })).await,
        422,
    )
    .await;
    problem(classify(&app, id, "?wait=perhaps", json!({})).await, 422).await;
    assert_eq!(app.client.document(id).await.status, "ready");
}

#[tokio::test]
async fn who_does_not_want_to_wait_is_answered_at_once() {
    let app = TestApp::start().await;
    let id = app.client.upload("a.txt", "text").await.id;
    let pending = document(
        classify(&app, id, "?wait=0", json!({})).await,
        StatusCode::ACCEPTED,
    )
    .await;
    assert_eq!(pending.status, "pending");
}

#[tokio::test]
async fn a_document_that_is_not_read_yet_is_filed_once_it_is() {
    let mut app = TestApp::start().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    let form =
        form("notes.txt", files::sample("notes_on_insurance.txt")).text("auto_classify", "false");
    let uploaded: Document = send_form(&app.client, form).await.json().await.unwrap();
    assert_eq!(
        classify(&app, uploaded.id, "?wait=0", json!({}))
            .await
            .status(),
        StatusCode::ACCEPTED
    );
    app.start_worker();
    assert_eq!(app.client.finished(uploaded.id).await.topics, ["Insurance"]);
}

#[tokio::test]
async fn a_restriction_holds_for_a_document_that_is_not_read_yet() {
    let mut app = TestApp::start().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    app.client
        .create_topic("Garden", "plants, seeds and tools")
        .await;
    let text = files::sample("notes_on_insurance.txt");
    let restricted = app.client.upload("restricted.txt", text.clone()).await.id;
    let freed = app.client.upload("freed.txt", text).await.id;
    let only = json!({ "topics": ["Garden"] });
    for id in [restricted, freed] {
        let answer = classify(&app, id, "?wait=0", only.clone()).await;
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
    }
    // What was wanted last counts.
    classify(&app, freed, "?wait=0", json!({})).await;
    app.start_worker();
    let filed = app.client.finished(restricted).await;
    assert!(!filed.topics.contains(&"Insurance".to_owned()), "{filed:?}");
    assert_eq!(app.client.finished(freed).await.topics, ["Insurance"]);
}

/// Takes the 25 seconds that a call waits at most.
#[tokio::test]
async fn waiting_ends_with_the_document_as_it_stands() {
    let app = TestApp::start().await;
    let id = app.client.upload("a.txt", "text").await.id;
    let begun = std::time::Instant::now();
    let standing = document(
        classify(&app, id, "", json!({})).await,
        StatusCode::ACCEPTED,
    )
    .await;
    assert_eq!(standing.status, "pending");
    assert!(
        (24..40).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_document_that_could_not_be_read_can_not_be_filed() {
    let app = TestApp::start_with_worker().await;
    let id = app.client.upload("empty.txt", "").await.id;
    assert_eq!(app.client.finished(id).await.status, "failed");
    let refused = problem(classify(&app, id, "", json!({})).await, 409).await;
    assert_eq!(refused.code, "document_failed");
    problem(classify(&app, Uuid::new_v4(), "", json!({})).await, 404).await;
}
