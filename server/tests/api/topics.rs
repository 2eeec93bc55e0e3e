//! `/api/topics`

use crate::support::problem;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::TestApp;
use uuid::Uuid;
use wire::{Topic, TopicList};

async fn list(app: &TestApp) -> Vec<Topic> {
    app.client
        .get("/api/topics")
        .await
        .json::<TopicList>()
        .await
        .unwrap()
        .topics
}

async fn create(app: &TestApp, body: Value) -> Response {
    app.client.send(Method::POST, "/api/topics", body).await
}

async fn update(app: &TestApp, id: Uuid, body: Value) -> Response {
    app.client
        .send(Method::PATCH, &format!("/api/topics/{id}"), body)
        .await
}

async fn delete(app: &TestApp, id: impl std::fmt::Display) -> Response {
    app.client
        .request(Method::DELETE, &format!("/api/topics/{id}"))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_topic_needs_only_a_name() {
    let app = TestApp::start().await;
    let created = create(&app, json!({ "name": "  Tax  " })).await;
    assert_eq!(created.status(), 201);
    let topic: Topic = created.json().await.unwrap();
    assert_eq!(
        (
            topic.name.as_str(),
            topic.description.as_str(),
            topic.color.as_str()
        ),
        ("Tax", "", "#6366f1")
    );
    assert_eq!(topic.doc_count, 0);
    assert_eq!(list(&app).await, [topic]);
}

#[tokio::test]
async fn topics_come_by_name_with_their_counts() {
    let app = TestApp::start().await;
    for name in ["Tax", "Bank", "Home"] {
        app.client.create_topic(name, "").await;
    }
    for (name, topics) in [("a.txt", json!(["Bank", "Tax"])), ("b.txt", json!(["Tax"]))] {
        let id = app.client.upload(name, name).await.id;
        app.client
            .send(
                Method::PUT,
                &format!("/api/documents/{id}/topics"),
                json!({ "topics": topics }),
            )
            .await;
    }
    let counts: Vec<(String, i64)> = list(&app)
        .await
        .into_iter()
        .map(|topic| (topic.name, topic.doc_count))
        .collect();
    assert_eq!(
        counts,
        [
            ("Bank".to_owned(), 1),
            ("Home".to_owned(), 0),
            ("Tax".to_owned(), 2)
        ]
    );
}

#[tokio::test]
async fn values_that_are_not_acceptable_are_refused() {
    let app = TestApp::start().await;
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "  " }), "name"),
        (json!({ "name": "x".repeat(81) }), "name"),
        (json!({ "name": "a\nb" }), "name"),
        (json!({ "name": "a\u{0}b" }), "name"),
        (
            json!({ "name": "Tax", "description": "x".repeat(2001) }),
            "description",
        ),
        (
            json!({ "name": "Tax", "description": "a\u{0}b" }),
            "description",
        ),
        (json!({ "name": "Tax", "color": "red" }), "color"),
        (json!({ "name": "Tax", "color": "#12345" }), "color"),
        (json!({ "name": "Tax", "color": "#12345g" }), "color"),
        (
            json!({ "name": "Tax", "color": "#123456;background:url(x)" }),
            "color",
        ),
        (json!({ "description": "no name" }), "body"),
        (json!({ "name": 5 }), "body"),
    ] {
        let refused = problem(create(&app, body.clone()).await, 422).await;
        assert_eq!(refused.errors[0].loc, ["body", field], "{body}");
        assert_eq!(refused.errors[0].type_, "value_error");
    }
    assert_eq!(list(&app).await, []);
    assert_eq!(
        create(&app, json!({ "name": "x".repeat(80), "color": "#ABCDEF" }))
            .await
            .status(),
        201
    );
    assert_eq!(list(&app).await[0].color, "#abcdef");
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let app = TestApp::start().await;
    let tax = app.client.create_topic("Tax", "").await;
    let bank = app.client.create_topic("Bank", "").await;
    assert_eq!(
        problem(create(&app, json!({ "name": "Tax" })).await, 409)
            .await
            .code,
        "topic_name_taken"
    );
    problem(update(&app, bank.id, json!({ "name": "Tax" })).await, 409).await;
    assert_eq!(
        update(&app, tax.id, json!({ "name": "Tax" }))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn a_change_changes_what_it_names() {
    let app = TestApp::start().await;
    let topic = app.client.create_topic("Tax", "letters").await;
    let changed: Topic = update(&app, topic.id, json!({ "color": "#ff0000" }))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        changed,
        Topic {
            color: "#ff0000".to_owned(),
            ..topic.clone()
        }
    );
    let changed: Topic = update(
        &app,
        topic.id,
        json!({ "description": "", "name": "Taxes" }),
    )
    .await
    .json()
    .await
    .unwrap();
    assert_eq!(
        (changed.name.as_str(), changed.description.as_str()),
        ("Taxes", "")
    );
    problem(
        update(&app, topic.id, json!({ "color": "blue" })).await,
        422,
    )
    .await;
    problem(
        update(&app, Uuid::new_v4(), json!({ "name": "Other" })).await,
        404,
    )
    .await;
    problem(
        app.client
            .send(Method::PATCH, "/api/topics/5", json!({}))
            .await,
        404,
    )
    .await;
}

#[tokio::test]
async fn a_topic_goes_and_its_documents_stay() {
    let app = TestApp::start().await;
    let topic = app.client.create_topic("Tax", "").await;
    let id = app.client.upload("a.txt", "text").await.id;
    let path = format!("/api/documents/{id}/topics");
    assert_eq!(
        app.client
            .send(Method::PUT, &path, json!({ "topics": ["Tax"] }))
            .await
            .status(),
        200
    );
    assert_eq!(delete(&app, topic.id).await.status(), 204);
    assert_eq!(app.client.document(id).await.topics, [""; 0]);
    problem(delete(&app, topic.id).await, 404).await;
    problem(delete(&app, "none").await, 404).await;
}
