//! `/api/filing-batches`

use crate::support::{document, problem};
use reqwest::{Method, StatusCode};
use serde_json::json;
use testkit::{TestApp, files};
use uuid::Uuid;
use wire::{Document, FilingBatch, UndoneBatch};

const POST: Method = Method::POST;

/// A vault with two topics and two documents that the machine filed under `Insurance`.
async fn filed() -> (TestApp, [Uuid; 2]) {
    let app = TestApp::start_with_worker().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    app.client
        .create_topic("Garden", "plants, seeds and tools")
        .await;
    let mut ids = Vec::new();
    for name in ["one.txt", "two.txt"] {
        let notes = files::sample("notes_on_insurance.txt");
        let id = app.client.upload(name, notes).await.id;
        assert_eq!(app.client.finished(id).await.topics, ["Insurance"]);
        ids.push(id);
    }
    (app, ids.try_into().unwrap())
}

async fn file(app: &TestApp, body: serde_json::Value) -> FilingBatch {
    let path = "/api/filing-batches/topics";
    let answer = app.client.send(POST, path, body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

async fn undo(app: &TestApp, batch: Uuid) -> UndoneBatch {
    let path = format!("/api/filing-batches/{batch}/undo");
    let answer = app.client.send(POST, &path, json!({})).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

/// The topics of a document, and by whom.
fn topics(document: &Document) -> Vec<(&str, &str)> {
    let named = document.assigned.iter();
    named
        .map(|topic| (topic.name.as_str(), topic.by.as_str()))
        .collect()
}

/// What the built-in provider has learned, and from how many documents.
async fn learned(app: &TestApp) -> (i64, i64) {
    let examples = "SELECT COALESCE(sum(examples), 0)::bigint FROM topic_totals";
    let grams = "SELECT COALESCE(sum(count), 0)::bigint FROM topic_grams";
    (
        app.database.number(examples).await,
        app.database.number(grams).await,
    )
}

#[tokio::test]
async fn what_was_filed_together_is_undone_together() {
    let (app, [one, two]) = filed().await;
    let before = app.client.document(one).await;
    let batch = file(
        &app,
        json!({ "documents": [two, one], "add": ["Garden"], "remove": ["Insurance"] }),
    )
    .await;
    assert_eq!(batch.documents.len(), 2);
    for id in [one, two] {
        let changed = app.client.document(id).await;
        assert_eq!(topics(&changed), [("Garden", "person")]);
    }
    assert_eq!(learned(&app).await.0, 2);

    let undone = undo(&app, batch.id).await;
    assert_eq!(undone.restored.len(), 2);
    let after = app.client.document(one).await;
    assert_eq!(
        after.assigned, before.assigned,
        "with who, how sure and why"
    );
    assert_eq!(
        learned(&app).await,
        (0, 0),
        "what was learned is unlearned exactly"
    );

    // What was refused with the batch is no longer: the machine may choose it again.
    let path = format!("/api/documents/{one}/classify");
    let again = app.client.send(POST, &path, json!({})).await;
    let again = document(again, StatusCode::OK).await;
    assert_eq!(topics(&again), [("Insurance", "machine")]);
}

#[tokio::test]
async fn what_a_person_has_set_since_stays() {
    let (app, [one, two]) = filed().await;
    let batch = file(&app, json!({ "documents": [one, two], "add": ["Garden"] })).await;
    let path = format!("/api/documents/{one}/topics");
    let mine = json!({ "topics": ["Garden"] });
    let set = app.client.send(Method::PUT, &path, mine).await;
    let set = document(set, StatusCode::OK).await;

    assert_eq!(undo(&app, batch.id).await.restored, [two]);
    assert_eq!(app.client.document(one).await.assigned, set.assigned);
    let other = app.client.document(two).await;
    assert_eq!(topics(&other), [("Insurance", "machine")]);
    assert_eq!(learned(&app).await.0, 1, "from the first alone");
}

#[tokio::test]
async fn what_was_classified_together_is_undone_together() {
    let (app, ids) = filed().await;
    let before = app.client.document(ids[0]).await;
    let body = json!({ "documents": ids, "topics": ["Garden"] });
    let path = "/api/filing-batches/classify";
    let answer = app.client.send(POST, path, body).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let batch: FilingBatch = answer.json().await.unwrap();
    assert_eq!((batch.documents.len(), batch.left_out.len()), (2, 0));
    for id in ids {
        let filed = app.client.finished(id).await;
        assert_eq!(topics(&filed), [], "nothing of a garden is in it");
    }

    assert_eq!(undo(&app, batch.id).await.restored.len(), 2);
    let after = app.client.document(ids[0]).await;
    assert_eq!(
        (&after.assigned, &after.classification_note),
        (&before.assigned, &before.classification_note)
    );
}

#[tokio::test]
async fn filing_that_was_not_done_yet_is_called_off() {
    // Nobody works: the jobs of the batch wait.
    let app = TestApp::start().await;
    let id = app
        .client
        .upload("a.txt", "A letter of some length.")
        .await
        .id;
    let read = "UPDATE documents SET status = 'ready', extracted_at = now()";
    app.database.execute(read).await;
    let body = json!({ "documents": [id] });
    let path = "/api/filing-batches/classify";
    let answer = app.client.send(POST, path, body).await;
    let batch: FilingBatch = answer.json().await.unwrap();
    assert_eq!(app.client.document(id).await.status, "processing");

    assert_eq!(undo(&app, batch.id).await.restored, [id]);
    assert_eq!(app.client.document(id).await.status, "ready");
    let waiting = "SELECT count(*) FROM jobs WHERE kind = 'classify' AND state <> 'done'";
    assert_eq!(app.database.number(waiting).await, 0);
}

#[tokio::test]
async fn a_batch_is_undone_once_and_by_its_owner() {
    let app = TestApp::start().await;
    let id = app.client.upload("a.txt", "A letter.").await.id;
    let batch = file(&app, json!({ "documents": [id] })).await;
    let path = format!("/api/filing-batches/{}/undo", batch.id);
    undo(&app, batch.id).await;
    problem(app.client.send(POST, &path, json!({})).await, 404).await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let app = TestApp::start().await;
    app.client.create_topic("Garden", "").await;
    let id = app.client.upload("a.txt", "A letter.").await.id;
    for (body, status) in [
        (json!({ "documents": [] }), 422),
        (json!({ "documents": [id], "add": ["Nothing"] }), 422),
        (
            json!({ "documents": [id], "add": ["Garden"], "remove": ["Garden"] }),
            422,
        ),
        (json!({ "documents": [id, Uuid::new_v4()] }), 404),
        (json!({ "documents": vec![id; 501] }), 422),
        (json!({ "documents": [id], "topic": "Garden" }), 422),
    ] {
        let path = "/api/filing-batches/topics";
        problem(app.client.send(POST, path, body).await, status).await;
    }
    let path = "/api/filing-batches/classify";
    let body = json!({ "documents": [id] });
    let answer = app.client.send(POST, path, body).await;
    let batch: FilingBatch = answer.json().await.unwrap();
    assert_eq!(batch.left_out, [id], "it has not been read yet");
}

/// The machine's choice came after the batch: it is not the batch's to undo.
#[tokio::test]
async fn what_the_machine_has_filed_since_stays() {
    let mut app = TestApp::start().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    app.client.create_topic("Garden", "plants").await;
    let notes = files::sample("notes_on_insurance.txt");
    let id = app.client.upload("one.txt", notes).await.id;
    let batch = file(&app, json!({ "documents": [id], "add": ["Garden"] })).await;
    app.start_worker();
    let filed = app.client.finished(id).await;
    assert_eq!(
        topics(&filed),
        [("Garden", "person"), ("Insurance", "machine")]
    );
    assert_eq!(undo(&app, batch.id).await.restored, [] as [Uuid; 0]);
    assert_eq!(app.client.document(id).await.assigned, filed.assigned);
    app.stop().await;
}

#[tokio::test]
async fn what_was_classified_again_since_stays() {
    let (app, [one, two]) = filed().await;
    let path = "/api/filing-batches/classify";
    let body = json!({ "documents": [one, two], "topics": ["Garden"] });
    let batch: FilingBatch = app
        .client
        .send(POST, path, body)
        .await
        .json()
        .await
        .unwrap();
    for id in [one, two] {
        assert_eq!(topics(&app.client.finished(id).await), []);
    }
    let path = format!("/api/documents/{one}/classify");
    let again = app
        .client
        .send(POST, &path, json!({ "topics": ["Garden"] }))
        .await;
    assert_eq!(topics(&document(again, StatusCode::OK).await), []);
    assert_eq!(undo(&app, batch.id).await.restored, [two]);
    assert_eq!(topics(&app.client.document(one).await), []);
}

/// More at once than there are connections to the database: a batch needs one, not two.
#[tokio::test]
async fn many_batches_at_once_are_all_carried_out() {
    let app = TestApp::start().await;
    app.client.create_topic("Garden", "plants").await;
    app.client.create_topic("Insurance", "policies").await;
    let mut ids = Vec::new();
    for number in 0..60 {
        let text = format!("The text of number {number}.");
        ids.push(app.client.upload("a.txt", text).await.id);
    }
    let filed = ids.chunks(2).enumerate().map(|(number, ids)| {
        let (add, remove) = match number % 2 {
            0 => ("Garden", "Insurance"),
            _ => ("Insurance", "Garden"),
        };
        file(
            &app,
            json!({ "documents": ids, "add": [add], "remove": [remove] }),
        )
    });
    let filed = futures::future::join_all(filed).await;
    assert!(filed.iter().all(|batch| batch.documents.len() == 2));
    assert_eq!(learned(&app).await.0, 60);
}
