//! The sweeper takes its time, and what the store keeps stands in no other's way.

use super::scene::{A_WEEK, DAYS, Scene, vault};
use testkit::Fault;
use time::OffsetDateTime;

/// Three objects of the admin's that no row names.
async fn with_orphans() -> (Scene, [String; 3]) {
    let scene = Scene::new().await;
    let admin = scene.app.database.texts("SELECT id::text FROM users").await;
    let keys = ["1/a.txt", "2/b.txt", "3/c.txt"].map(|rest| format!("{}/{rest}", admin[0]));
    for key in &keys {
        scene.app.bucket.write(key, b"left over").await;
    }
    (scene, keys)
}

/// When everything that was stored now is old.
fn later() -> OffsetDateTime {
    domain::Clock::system().now() + DAYS
}

/// How many it notes at this time.
async fn noted(scene: &Scene, at: OffsetDateTime) -> usize {
    let services = scene.app.services();
    let noted = services.sweeping().note_orphans(&vault(), at).await;
    noted.unwrap()
}

/// How many it deletes at this time.
async fn deleted(scene: &Scene, at: OffsetDateTime) -> usize {
    let services = scene.app.services();
    let deleted = services.sweeping().delete_noted(&vault(), at).await;
    deleted.unwrap()
}

#[tokio::test]
async fn what_no_row_names_goes_after_a_week() {
    let (scene, keys) = with_orphans().await;
    assert_eq!(noted(&scene, domain::Clock::system().now()).await, 0, "new");
    assert_eq!(noted(&scene, later()).await, 3);
    assert_eq!(noted(&scene, later()).await, 0, "each once");
    assert_eq!(deleted(&scene, later() + A_WEEK / 2).await, 0);
    assert_eq!(scene.app.bucket.keys().await, keys);
    assert_eq!(deleted(&scene, later() + A_WEEK).await, 3);
    assert_eq!(scene.app.bucket.keys().await, [] as [String; 0]);
}

/// A database that is new, or the wrong one, knows nobody of those whose objects are in the store.
#[tokio::test]
async fn what_belongs_to_accounts_that_it_does_not_know_stays() {
    let scene = Scene::new().await;
    let keys = [
        "0190a1b2-0000-7000-8000-000000000001/1/a.txt",
        "backup/2031.tar",
    ];
    for key in keys {
        scene.app.bucket.write(key, b"somebody else's").await;
    }
    assert_eq!(noted(&scene, later()).await, 0);
    assert_eq!(deleted(&scene, later() + 2 * A_WEEK).await, 0);
    assert_eq!(scene.app.bucket.keys().await, keys);
}

/// A backup was restored first without its newest rows, then with them.
#[tokio::test]
async fn what_a_row_names_again_stays() {
    let scene = Scene::new().await;
    let letter = scene.app.client.upload("a.txt", "A letter.").await;
    let keep = "CREATE TABLE kept AS SELECT * FROM documents";
    scene.app.database.execute(keep).await;
    scene.app.database.execute("DELETE FROM documents").await;
    assert_eq!(noted(&scene, later()).await, 1);
    let restore = "INSERT INTO documents SELECT * FROM kept";
    scene.app.database.execute(restore).await;
    assert_eq!(deleted(&scene, later() + A_WEEK).await, 0);
    let path = format!("/api/documents/{}/content", letter.id);
    let content = scene.app.client.get(&path).await;
    assert_eq!(content.text().await.unwrap(), "A letter.");
}

#[tokio::test]
async fn what_the_store_keeps_is_tried_again_later() {
    let (scene, keys) = with_orphans().await;
    let stays = keys[0].clone();
    scene.store.fail(move |passing| {
        if passing.method == "DELETE" && passing.path.ends_with(&stays) {
            Fault::Status(403)
        } else {
            Fault::None
        }
    });
    noted(&scene, later()).await;
    let due = later() + A_WEEK;
    assert_eq!(deleted(&scene, due).await, 2);
    assert_eq!(scene.app.bucket.keys().await, [keys[0].clone()]);
    scene.store.heal();
    assert_eq!(deleted(&scene, due).await, 0, "not at once");
    assert_eq!(deleted(&scene, due + DAYS).await, 1);
    assert_eq!(scene.app.bucket.keys().await, [] as [String; 0]);
}
