//! `kill -9` of a worker, in every stage of processing. Another does the work, and its effects are there
//! once. (While a file is being read: `survival`.)

use super::scene::{Scene, letter};
use testkit::{Fault, Process};
use uuid::Uuid;

/// A vault with a letter that nobody has read yet, and a worker that stops where `fault` holds it.
async fn held_at(
    method: &'static str,
    ending: &'static str,
    fault: Fault,
) -> (Scene, Process, Uuid) {
    let scene = Scene::new().await;
    let id = scene.app.client.upload("letter.pdf", letter()).await.id;
    scene.store.fail(move |passing| {
        let here = passing.method == method && passing.path.ends_with(ending);
        if here { fault } else { Fault::None }
    });
    let worker = scene.worker();
    scene.store.held().await;
    (scene, worker, id)
}

/// Another worker does it all, and tidies up.
async fn another_does_it(scene: &Scene, id: Uuid) {
    let mut another = scene.worker();
    scene.happened_once(&[id]).await;
    const ATTEMPTS: &str = "SELECT sum(attempts) FROM jobs";
    assert_eq!(scene.number(ATTEMPTS).await, 2, "both begins count");
    assert_eq!(another.stop(), Some(0));
    scene.no_temporary_files();
}

#[tokio::test]
async fn while_it_fetches_the_file() {
    let (scene, mut worker, id) = held_at("GET", ".pdf", Fault::HoldRequest).await;
    worker.kill();
    scene.store.heal();
    another_does_it(&scene, id).await;
}

#[tokio::test]
async fn when_it_has_stored_the_picture() {
    let (scene, mut worker, id) = held_at("PUT", ".jpg", Fault::HoldAnswer).await;
    worker.kill();
    scene.store.heal();
    assert_eq!(scene.app.bucket.keys().await.len(), 2);
    another_does_it(&scene, id).await;
}

#[tokio::test]
async fn when_it_is_about_to_write_what_it_read() {
    let (scene, mut worker, id) = held_at("PUT", ".jpg", Fault::HoldAnswer).await;
    let row = scene
        .app
        .database
        .hold("SELECT FROM documents FOR UPDATE")
        .await;
    scene.store.heal();
    scene.app.database.waiting(1).await;
    worker.kill();
    row.rollback().await.unwrap();
    another_does_it(&scene, id).await;
}

/// Kills a worker that waits for these tables.
async fn waiting_for(tables: &str) {
    let scene = Scene::new().await;
    let id = scene.app.client.upload("letter.pdf", letter()).await.id;
    let locked = scene.app.database.lock(tables).await;
    let mut worker = scene.worker();
    scene.app.database.waiting(1).await;
    worker.kill();
    locked.rollback().await.unwrap();
    another_does_it(&scene, id).await;
}

#[tokio::test]
async fn while_it_files() {
    waiting_for("filing_settings").await;
}

/// Only the statement that writes the topics looks at what a person took off.
#[tokio::test]
async fn when_it_is_about_to_write_the_topics() {
    waiting_for("document_topic_refusals").await;
}
