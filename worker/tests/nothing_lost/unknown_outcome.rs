//! The answer to an upload's statement is lost, and PostgreSQL carries the statement out all the same.

use super::scene::{Scene, letter};
use testkit::{PATIENCE, Relay, Setup, env, until};

#[tokio::test]
async fn the_bytes_stay_when_the_row_may_still_come() {
    let database: Vec<String> = env("DATABASE_URL")
        .split(['@', '/'])
        .map(str::to_owned)
        .collect();
    let relay = Relay::before(database[3].as_str()).await;
    let scene = Scene::set_up(Setup::default().writing_through(&relay)).await;
    let quotas = scene
        .app
        .database
        .hold("SELECT FROM quotas FOR UPDATE")
        .await;
    let client = scene.app.client.clone();
    let upload = tokio::spawn(async move { client.attempt_upload("letter.pdf", letter()).await });
    scene.app.database.waiting(1).await;
    relay.cut();
    assert_eq!(upload.await.unwrap(), Some(503));
    quotas.rollback().await.unwrap();
    let documents = until("the row", PATIENCE, async || {
        let list = scene.app.client.documents("").await;
        Ok((list.total > 0).then_some(list.documents))
    });
    let id = documents.await.unwrap()[0].id;
    let _worker = scene.worker();
    scene.happened_once(&[id]).await;
}
