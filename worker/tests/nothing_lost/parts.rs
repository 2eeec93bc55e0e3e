//! Files that are stored in parts, and break off.

use super::scene::Scene;
use testkit::{Fault, faulty_store::Passing};

fn long_file() -> String {
    "words ".repeat(3 * 1024 * 1024)
}

fn second_part(passing: &Passing) -> bool {
    passing.path.contains("partNumber=2")
}

#[tokio::test]
async fn the_store_refuses_a_part_and_nothing_is_left() {
    let scene = Scene::new().await;
    scene.store.fail(|passing| match second_part(passing) {
        true => Fault::Status(503),
        false => Fault::None,
    });
    let answer = scene.app.client.attempt_upload("long.txt", long_file());
    assert_eq!(answer.await, Some(503));
    assert_eq!(scene.app.bucket.unfinished().await, 0, "ended at once");
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn the_store_goes_away_and_the_sweeper_takes_what_is_left() {
    let scene = Scene::new().await;
    scene.store.fail(|passing| match passing.method.as_str() {
        "DELETE" => Fault::Cut,
        _ if second_part(passing) => Fault::Cut,
        _ => Fault::None,
    });
    let answer = scene.app.client.attempt_upload("long.txt", long_file());
    assert_eq!(answer.await, Some(503));
    scene.store.heal();
    assert_eq!(scene.app.bucket.unfinished().await, 1);
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn the_answer_to_the_last_word_is_lost() {
    let scene = Scene::new().await;
    scene.store.fail(|passing| {
        let last = passing.method == "POST" && passing.path.contains("uploadId=");
        if last { Fault::CutAnswer } else { Fault::None }
    });
    let answer = scene.app.client.attempt_upload("long.txt", long_file());
    assert_eq!(answer.await, Some(503));
    scene.store.heal();
    scene.nothing_is_left().await;
}
