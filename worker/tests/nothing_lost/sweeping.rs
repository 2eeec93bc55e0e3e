//! One object that the store keeps stands in no other's way.

use super::scene::{DAYS, Scene, vault};
use testkit::Fault;

const KEYS: [&str; 3] = ["null/1/a.txt", "null/2/b.txt", "null/3/c.txt"];

async fn with_one_that_stays() -> Scene {
    let scene = Scene::new().await;
    for key in KEYS {
        scene.app.bucket.write(key, b"left over").await;
    }
    scene.store.fail(|passing| {
        let stays = passing.method == "DELETE" && passing.path.ends_with(KEYS[0]);
        if stays {
            Fault::Status(403)
        } else {
            Fault::None
        }
    });
    scene
}

#[tokio::test]
async fn when_it_removes_what_no_row_names() {
    let scene = with_one_that_stays().await;
    let services = scene.app.services();
    let later = domain::Clock::system().now() + DAYS;
    let swept = services.sweeping().delete_orphans(&vault(), later).await;
    assert_eq!(swept, Ok(2));
    assert_eq!(scene.app.bucket.keys().await, [KEYS[0]]);
}

#[tokio::test]
async fn when_it_removes_what_was_noted() {
    let scene = with_one_that_stays().await;
    let noted = "INSERT INTO object_deletions (object_key)
        VALUES ('null/1/a.txt'), ('null/2/b.txt'), ('null/3/c.txt')";
    scene.app.database.execute(noted).await;
    let services = scene.app.services();
    assert_eq!(services.sweeping().delete_noted(&vault()).await, Ok(2));
    assert_eq!(scene.app.bucket.keys().await, [KEYS[0]]);
    let noted = "SELECT object_key FROM object_deletions";
    assert_eq!(scene.app.database.texts(noted).await, [KEYS[0]]);
}
