//! `GET /api/pipeline`, `GET /api/admin/pipeline`, and trying again.

use crate::admin::provider::{counted, set, vault_reading};
use crate::support::problem;
use serde_json::json;
use std::time::Duration;
use testkit::{Client, PATIENCE, POST, TestApp, until};
use uuid::Uuid;
use wire::{Pipeline, Retried};
use wiremock::ResponseTemplate;

const OWN: &str = "/api/pipeline";
const WHOLE: &str = "/api/admin/pipeline";

async fn pipeline(client: &Client, path: &str) -> Pipeline {
    let answer = client.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

async fn retry(client: &Client, path: &str) -> Retried {
    let answer = client.send(POST, path, json!({})).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

/// Two documents of one person that can't be read.
async fn two_broken(app: &TestApp, owner: &Client) -> [Uuid; 2] {
    let mut ids = [Uuid::nil(); 2];
    for id in &mut ids {
        let broken = owner.upload("broken.pdf", "%PDF-1.4\n1 0 obj").await;
        *id = owner.finished(broken.id).await.id;
    }
    let failed = "SELECT count(*) FROM documents WHERE status = 'failed'";
    assert_eq!(app.database.number(failed).await, 2);
    ids
}

#[tokio::test]
async fn what_waits_is_seen_by_its_owner_with_its_name_and_by_admins_without() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let letter = ada.upload("very-private.txt", "A letter.").await;
    let own = pipeline(&ada, OWN).await;
    assert_eq!((own.waiting, own.running, own.failed), (1, 0, 0));
    assert_eq!(own.jobs[0].document_id, letter.id);
    assert_eq!(
        own.jobs[0].document_name.as_deref(),
        Some("very-private.txt")
    );
    assert_eq!(
        (own.jobs[0].state.as_str(), own.jobs[0].attempts),
        ("queued", 0)
    );
    assert!(own.oldest_waiting_since.is_some() && own.oldest_waiting_seconds.is_some());
    assert!(own.hours.is_empty());

    let whole = pipeline(&app.client, WHOLE).await;
    assert_eq!((whole.waiting, whole.jobs.len()), (1, 1));
    assert_eq!(whole.jobs[0].owner, "ada");
    let text = serde_json::to_string(&whole).unwrap();
    assert!(!text.contains("very-private"), "{text}");

    for other in [app.person("eve").await, app.client.clone()] {
        let seen = pipeline(&other, OWN).await;
        assert_eq!(
            (seen.waiting, seen.jobs.len(), seen.oldest_waiting_since),
            (0, 0, None)
        );
    }
}

#[tokio::test]
async fn what_was_finished_is_told_by_hours() {
    let app = TestApp::start_with_worker().await;
    let letter = app.client.upload("a.txt", "A letter.").await;
    app.client.finished(letter.id).await;
    let whole = pipeline(&app.client, WHOLE).await;
    assert_eq!(whole.hours.len(), 24);
    assert!(whole.hours.is_sorted_by_key(|hour| hour.hour));
    let done: i64 = whole.hours.iter().map(|hour| hour.done).sum();
    assert_eq!(done, 1);
    assert_eq!((whole.waiting, whole.oldest_waiting_since), (0, None));
}

#[tokio::test]
async fn what_failed_is_tried_again_by_its_owner() {
    let app = TestApp::start_with_worker().await;
    let ada = app.person("ada").await;
    let [one, two] = two_broken(&app, &ada).await;
    let own = pipeline(&ada, OWN).await;
    assert_eq!((own.failed, own.failures.len()), (2, 2));
    assert_eq!(own.failures[0].document_id, two, "the newest first");
    assert!(
        own.failures[0]
            .failure
            .as_deref()
            .is_some_and(|why| why.ends_with('.'))
    );
    let eve = app.person("eve").await;
    assert_eq!(
        retry(&eve, "/api/pipeline/retry").await,
        Retried {
            retried: 0,
            left: 0
        }
    );
    let again = retry(&ada, "/api/pipeline/retry").await;
    assert_eq!(again.retried, 2);
    for id in [one, two] {
        assert_eq!(ada.finished(id).await.status, "failed");
    }
    assert_eq!(pipeline(&ada, OWN).await.failed, 2, "each once");
}

#[tokio::test]
async fn an_admin_has_one_or_all_tried_again_and_the_owner_sees_who_did() {
    let mut app = TestApp::start().await;
    app.start_worker();
    let ada = app.person("ada").await;
    let [one, two] = two_broken(&app, &ada).await;
    let whole = pipeline(&app.client, WHOLE).await;
    assert_eq!((whole.failed, whole.failures.len()), (2, 2));
    let text = serde_json::to_string(&whole).unwrap();
    assert!(!text.contains("broken.pdf"), "{text}");

    let path = format!("/api/admin/pipeline/{one}/retry");
    assert_eq!(retry(&app.client, &path).await.retried, 1);
    ada.finished(one).await;
    assert_eq!(
        retry(&app.client, "/api/admin/pipeline/retry")
            .await
            .retried,
        2
    );
    ada.finished(two).await;
    let log: wire::Activity = ada
        .get("/api/activity?kind=document")
        .await
        .json()
        .await
        .unwrap();
    let by_admin = log.entries.iter().filter(|entry| {
        let admin = entry
            .actor
            .as_ref()
            .and_then(|actor| actor.handle.as_deref())
            == Some("admin");
        admin && entry.event == "document.processing_requested"
    });
    assert_eq!(by_admin.count(), 3);
    problem(
        app.client
            .send(
                POST,
                &format!("/api/admin/pipeline/{}/retry", Uuid::nil()),
                json!({}),
            )
            .await,
        404,
    )
    .await;
    let fine = ada.upload("fine.txt", "A letter.").await;
    ada.finished(fine.id).await;
    let path = format!("/api/admin/pipeline/{}/retry", fine.id);
    problem(app.client.send(POST, &path, json!({})).await, 409).await;
    app.stop().await;
}

/// A filing that was given up leaves a document that is ready, and a job that is dead.
#[tokio::test]
async fn a_job_that_was_given_up_is_seen_and_tried_again() {
    let mut app = TestApp::start().await;
    let letter = app.client.upload("a.txt", "A letter.").await;
    app.database
        .execute(
            "UPDATE jobs SET kind = 'classify', state = 'dead', attempts = 5, finished_at = now(),
                    last_error = 'the worker was killed'",
        )
        .await;
    app.database
        .execute("UPDATE documents SET status = 'ready'")
        .await;
    let whole = pipeline(&app.client, WHOLE).await;
    let [failure] = whole.failures.as_slice() else {
        panic!("{whole:?}")
    };
    assert_eq!((failure.kind.as_str(), failure.attempts), ("classify", 5));
    assert_eq!(failure.last_error.as_deref(), Some("the worker was killed"));
    let own = pipeline(&app.client, OWN).await;
    assert_eq!(own.failures[0].last_error, None, "may name what is inside");
    assert_eq!(whole.hours.iter().map(|hour| hour.dead).sum::<i64>(), 1);
    let path = format!("/api/admin/pipeline/{}/retry", letter.id);
    assert_eq!(
        retry(&app.client, &path).await,
        Retried {
            retried: 1,
            left: 0
        }
    );
    let dead = "SELECT count(*) FROM jobs WHERE state = 'dead'";
    assert_eq!(
        app.database.number(dead).await,
        0,
        "nobody has to look at it any more"
    );
    app.start_worker();
    assert_eq!(app.client.finished(letter.id).await.status, "ready");
    app.stop().await;
}

#[tokio::test]
async fn what_a_worker_saw_is_for_admins_alone() {
    let app = TestApp::start().await;
    app.client.upload("a.txt", "A letter.").await;
    app.database
        .execute("UPDATE jobs SET last_error = 'bucket docuvault at 10.0.0.7: 403'")
        .await;
    assert_eq!(pipeline(&app.client, OWN).await.jobs[0].last_error, None);
    let whole = pipeline(&app.client, WHOLE).await;
    assert!(whole.jobs[0].last_error.is_some());
}

/// A filing under some topics alone stays one when it is tried again.
#[tokio::test]
async fn what_is_tried_again_keeps_its_restriction() {
    let app = TestApp::start().await;
    app.client.create_topic("Garden", "plants").await;
    let letter = app.client.upload("a.txt", "A letter.").await;
    app.database
        .execute(
            "UPDATE jobs SET kind = 'classify', state = 'dead', finished_at = now(),
                    topic_ids = ARRAY(SELECT id FROM topics)",
        )
        .await;
    app.database
        .execute("UPDATE documents SET status = 'ready'")
        .await;
    let path = format!("/api/admin/pipeline/{}/retry", letter.id);
    assert_eq!(retry(&app.client, &path).await.retried, 1);
    let kept = "SELECT count(*) FROM jobs WHERE state = 'queued' AND cardinality(topic_ids) = 1";
    assert_eq!(app.database.number(kept).await, 1);
}

/// A model far away takes its time; the next file is read meanwhile.
#[tokio::test]
async fn a_file_is_read_while_another_waits_to_be_filed() {
    let answer = ResponseTemplate::new(200).set_body_json(counted());
    let never = answer.set_delay(Duration::from_secs(3600));
    let (_app, ada, openai) = vault_reading(1, never).await;
    set(&ada, json!({ "active_provider": "openai" })).await;
    let first = ada
        .upload("one.txt", "The premium of your household insurance is due.")
        .await;
    ada.upload(
        "two.txt",
        "The second premium of your household insurance is due.",
    )
    .await;
    until("the second letter's turn", PATIENCE, async || {
        let asked = openai.received_requests().await.unwrap();
        let second = |body: &[u8]| String::from_utf8_lossy(body).contains("second premium");
        Ok(asked.iter().any(|one| second(&one.body)).then_some(()))
    })
    .await
    .unwrap();
    let first = ada.document(first.id).await;
    assert_eq!(first.stage.as_deref(), Some("filing"), "{first:?}");
}
