//! An object store that is slow, or fails every third request.

use super::scene::{Scene, letter};
use std::time::Duration;
use testkit::Fault;

/// Longer than a lease lasts here (three seconds).
const SLOW: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_slow_store_takes_no_worker_its_lease() {
    let scene = Scene::new().await;
    scene.store.fail(|passing| match passing.method.as_str() {
        "GET" => Fault::Late(SLOW),
        _ => Fault::Late(SLOW / 10),
    });
    let id = scene.app.client.upload("letter.pdf", letter()).await.id;
    let (_one, _another) = (scene.worker(), scene.worker());
    scene.app.client.finished(id).await;
    scene.store.heal();
    scene.happened_once(&[id]).await;
    let begun = "SELECT attempts::bigint FROM jobs";
    assert_eq!(scene.number(begun).await, 1);
}

/// By turns: no answer, a bad one, and one that is lost although the store did what was asked.
fn every_third(number: usize) -> Fault {
    match number % 9 {
        2 => Fault::Cut,
        5 => Fault::Status(503),
        8 => Fault::CutAnswer,
        _ => Fault::None,
    }
}

#[tokio::test]
async fn a_store_that_fails_every_third_request_loses_nothing() {
    let scene = Scene::new().await;
    scene.store.fail(|passing| every_third(passing.number));
    let mut accepted = Vec::new();
    let mut refused = 0;
    while accepted.len() < 6 || refused < 3 {
        let answer = scene.app.client.try_upload("letter.pdf", letter()).await;
        match answer.status().as_u16() {
            200 => {
                let document: wire::Document = answer.json().await.unwrap();
                accepted.push(document.id);
            }
            503 => refused += 1,
            other => panic!("{other}"),
        }
    }
    let _worker = scene.worker();
    for id in &accepted {
        scene.app.client.finished(*id).await;
    }
    scene.store.heal();
    scene.happened_once(&accepted).await;
}
