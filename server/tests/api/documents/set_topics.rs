//! `PUT /api/documents/{id}/topics`

use crate::support::{document, problem};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use testkit::{TestApp, files};
use uuid::Uuid;

async fn set(app: &TestApp, id: Uuid, topics: &[&str]) -> Response {
    app.client
        .send(
            Method::PUT,
            &format!("/api/documents/{id}/topics"),
            json!({ "topics": topics }),
        )
        .await
}

async fn classify(app: &TestApp, id: Uuid) -> wire::Document {
    let path = format!("/api/documents/{id}/classify");
    document(
        app.client.send(Method::POST, &path, json!({})).await,
        StatusCode::OK,
    )
    .await
}

/// A vault with two topics and a document that the machine filed under `Insurance`.
async fn filed() -> (TestApp, Uuid) {
    let app = TestApp::start_with_worker().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    app.client
        .create_topic("Garden", "plants, seeds and tools")
        .await;
    let id = app
        .client
        .upload("notes.txt", files::sample("notes_on_insurance.txt"))
        .await
        .id;
    assert_eq!(app.client.finished(id).await.topics, ["Insurance"]);
    (app, id)
}

#[tokio::test]
async fn what_a_person_sets_stays_and_what_a_person_takes_off_does_not_come_back() {
    let (app, id) = filed().await;
    let set = document(set(&app, id, &["Garden"]).await, StatusCode::OK).await;
    assert_eq!(set.topics, ["Garden"]);
    let again = classify(&app, id).await;
    assert_eq!(again.topics, ["Garden"]);
    let [assigned] = again.assigned.as_slice() else {
        panic!("{:?}", again.assigned)
    };
    assert_eq!(
        (
            assigned.by.as_str(),
            &assigned.provider,
            assigned.confidence
        ),
        ("person", &None, None)
    );
}

#[tokio::test]
async fn a_choice_of_the_machine_becomes_the_persons_who_keeps_it() {
    let (app, id) = filed().await;
    let kept = document(
        set(&app, id, &["Insurance", "Garden", "Garden"]).await,
        StatusCode::OK,
    )
    .await;
    assert_eq!(kept.topics, ["Garden", "Insurance"]);
    assert!(
        kept.assigned.iter().all(|topic| topic.by == "person"),
        "{:?}",
        kept.assigned
    );
}

#[tokio::test]
async fn a_topic_that_was_taken_off_can_be_put_back() {
    let (app, id) = filed().await;
    assert_eq!(
        document(set(&app, id, &[]).await, StatusCode::OK)
            .await
            .topics,
        [""; 0]
    );
    assert_eq!(classify(&app, id).await.topics, [""; 0]);
    assert_eq!(
        document(set(&app, id, &["Insurance"]).await, StatusCode::OK)
            .await
            .topics,
        ["Insurance"]
    );
    assert_eq!(classify(&app, id).await.topics, ["Insurance"]);
}

#[tokio::test]
async fn the_built_in_provider_learns_from_corrections() {
    let app = TestApp::start_with_worker().await;
    app.client.create_topic("Allotment", "").await;
    app.client.create_topic("Choir", "").await;
    let upload = async |name: &str, text: &str| {
        let id = app.client.upload(name, text).await.id;
        app.client.finished(id).await
    };
    for number in 1..=4 {
        let beds = upload(
            "a.txt",
            &format!("Tomatoes and beans in bed {number}, compost and watering"),
        )
        .await;
        assert_eq!(set(&app, beds.id, &["Allotment"]).await.status(), 200);
        let songs = upload(
            "b.txt",
            &format!("Rehearsal {number}: sopranos and tenors sing the motet"),
        )
        .await;
        assert_eq!(set(&app, songs.id, &["Choir"]).await.status(), 200);
    }
    assert_eq!(
        upload(
            "c.txt",
            "Compost for the tomatoes and the beans, then watering"
        )
        .await
        .topics,
        ["Allotment"]
    );
}

#[tokio::test]
async fn topics_or_documents_that_do_not_exist_are_refused() {
    let app = TestApp::start().await;
    app.client.create_topic("Garden", "").await;
    let id = app.client.upload("a.txt", "text").await.id;
    let refused = problem(set(&app, id, &["Garden", "Nothing"]).await, 422).await;
    assert_eq!(refused.errors[0].loc, ["body", "topics"]);
    assert_eq!(app.client.document(id).await.topics, [""; 0]);
    problem(set(&app, id, &["Gar\0den"]).await, 422).await;
    problem(set(&app, Uuid::new_v4(), &["Garden"]).await, 404).await;
    let path = format!("/api/documents/{id}/topics");
    problem(
        app.client
            .send(Method::PUT, &path, json!({ "topics": "Garden" }))
            .await,
        422,
    )
    .await;
}
