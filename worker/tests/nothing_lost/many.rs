//! Two servers and three workers at once, one of which is killed and one paused in the middle.

use super::scene::{Scene, letter};
use std::process::Command;
use testkit::Client;
use uuid::Uuid;

const LETTERS: usize = 24;

async fn upload(client: &Client, number: usize) -> Uuid {
    let name = format!("letter {number}.pdf");
    client.upload(&name, letter()).await.id
}

fn signal(name: &str, process: u32) {
    let process = process.to_string();
    let sent = Command::new("kill").args([name, &process]).status();
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn they_do_everything_once() {
    let scene = Scene::new().await;
    let (mut second, of_second) = scene.app.server_process().await;
    let clients = [scene.app.client.clone(), of_second];
    let mut workers = [scene.worker(), scene.worker(), scene.worker()];
    let uploads = (0..LETTERS).map(|number| upload(&clients[number % 2], number));
    let uploads = futures::future::join_all(uploads);
    let some_work_is_done = testkit::until("the first letters", testkit::PATIENCE, async || {
        let done = "SELECT count(*) FROM jobs WHERE state = 'done'";
        Ok((scene.number(done).await >= 3).then_some(()))
    });
    let (letters, done) = tokio::join!(uploads, some_work_is_done);
    done.unwrap();
    workers[0].kill();
    signal("-STOP", workers[1].id());
    scene.app.client.finished(letters[LETTERS - 1]).await;
    signal("-CONT", workers[1].id());
    scene.happened_once(&letters).await;
    let begun = "SELECT max(attempts)::bigint FROM jobs";
    assert!(scene.number(begun).await <= 3, "two workers were disturbed");
    assert_eq!(second.stop(), Some(0));
    assert_eq!(workers[1].stop(), Some(0));
    assert_eq!(workers[2].stop(), Some(0));
}
