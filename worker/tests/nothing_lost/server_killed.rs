//! `kill -9` of a server, in every stage of an upload.

use super::scene::{DAYS, Scene, letter, vault};
use testkit::{Fault, PATIENCE, until};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn when_it_has_the_head_of_a_request() {
    let scene = Scene::new().await;
    let (mut server, client) = scene.app.server_process().await;
    let address = client.base.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/documents/upload HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: multipart/form-data; boundary=cut\r\ncontent-length: 9999\r\nexpect: 100-continue\r\n\r\n",
        client.token.as_deref().unwrap()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    // It asks for the body: the head was read, and its sender is who they say.
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100");
    server.kill();
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn while_bytes_stream() {
    let scene = Scene::new().await;
    let (mut server, client) = scene.app.server_process().await;
    scene
        .store
        .fail(|passing| match passing.path.contains("partNumber=2") {
            true => Fault::HoldRequest,
            false => Fault::None,
        });
    let file = "words ".repeat(3 * 1024 * 1024);
    let upload = tokio::spawn(async move { client.attempt_upload("long.txt", file).await });
    scene.store.held().await;
    server.kill();
    assert_eq!(upload.await.unwrap(), None);
    scene.store.heal();
    assert_eq!(scene.app.bucket.unfinished().await, 1);
    // What was begun today may still be going on.
    let (services, now) = (scene.app.services(), domain::Clock::system().now());
    let sweeping = services.sweeping();
    assert_eq!(sweeping.abort_unfinished(&vault(), now).await, Ok(0));
    assert_eq!(sweeping.abort_unfinished(&vault(), now + DAYS).await, Ok(1));
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn when_the_object_is_stored() {
    let scene = Scene::new().await;
    let (mut server, client) = scene.app.server_process().await;
    scene.store.fail(|passing| match passing.method.as_str() {
        "PUT" => Fault::HoldAnswer,
        _ => Fault::None,
    });
    let upload = tokio::spawn(async move { client.attempt_upload("letter.pdf", letter()).await });
    scene.store.held().await;
    server.kill();
    assert_eq!(upload.await.unwrap(), None);
    scene.store.heal();
    assert_eq!(scene.app.bucket.keys().await.len(), 1);
    scene.nothing_is_left().await;
}

/// The statement was sent, and PostgreSQL carries it out although nobody waits for it any more: then the
/// document is there, and is read although no message was ever sent.
#[tokio::test]
async fn when_the_row_is_about_to_be_written() {
    let scene = Scene::new().await;
    let (mut server, client) = scene.app.server_process().await;
    let quotas = scene
        .app
        .database
        .hold("SELECT FROM quotas FOR UPDATE")
        .await;
    let upload = tokio::spawn(async move { client.attempt_upload("letter.pdf", letter()).await });
    scene.app.database.waiting(1).await;
    server.kill();
    assert_eq!(upload.await.unwrap(), None);
    quotas.rollback().await.unwrap();
    let documents = until("the row", PATIENCE, async || {
        let list = scene.app.client.documents("").await;
        Ok((!list.documents.is_empty()).then_some(list.documents))
    });
    let id = documents.await.unwrap()[0].id;
    let mut worker = scene.worker();
    scene.happened_once(&[id]).await;
    assert_eq!(worker.stop(), Some(0));
    scene.no_temporary_files();
}
