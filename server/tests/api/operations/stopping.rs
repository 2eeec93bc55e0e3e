//! The end of a server: what is under way is finished, but not for ever.

use super::server;
use crate::support::Raw;
use std::time::{Duration, Instant};
use testkit::{Client, PATIENCE, TestApp, until};
use tokio::net::TcpStream;

/// What containers are given between the first and the last signal.
const LIMIT: Duration = Duration::from_secs(10);

const TEXT: &str = "A letter that takes its time.";

/// An upload of which only the beginning has been sent, and what is missing.
async fn begun_upload(client: &Client) -> (Raw, String) {
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"slow.txt\"\r\n\r\n{TEXT}\r\n--b--\r\n"
    );
    let (first, rest) = form.split_at(form.len() - 20);
    let mut connection = Raw::connect(&client.base).await;
    let head = format!(
        "POST /api/documents/upload HTTP/1.1\r\nhost: vault\r\nauthorization: Bearer {}\r\n\
         content-type: multipart/form-data; boundary=b\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        client.token.as_ref().unwrap(),
        form.len(),
    );
    connection.send(&head).await;
    // The server asks for the body once it reads it: the upload is under way then.
    assert!(connection.head().await.starts_with("HTTP/1.1 100"));
    connection.send(first).await;
    (connection, rest.to_owned())
}

/// Until nobody listens there any more.
async fn refused(client: &Client) {
    let address = client.base.strip_prefix("http://").unwrap();
    until("the server to listen no more", PATIENCE, async || {
        Ok(TcpStream::connect(address).await.is_err().then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_upload_under_way_is_finished_and_nothing_new_is_taken() {
    let app = TestApp::start().await;
    let (mut process, client) = server(&app, &[]).await;
    let (mut upload, rest) = begun_upload(&client).await;
    let asked = Instant::now();
    process.signal("TERM");
    refused(&client).await;
    upload.send(&rest).await;
    let answer = upload.head().await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(process.ended().await, Some(0), "{}", process.log());
    assert!(asked.elapsed() < LIMIT);
    assert_eq!(app.client.documents("").await.total, 1);
}

#[tokio::test]
async fn an_upload_without_an_end_is_cut_off_in_time() {
    let app = TestApp::start().await;
    let (mut process, client) = server(&app, &[]).await;
    let _upload = begun_upload(&client).await;
    let asked = Instant::now();
    process.signal("TERM");
    assert_eq!(process.ended().await, Some(0), "{}", process.log());
    assert!(asked.elapsed() < LIMIT, "it took {:?}", asked.elapsed());
    assert_eq!(app.client.documents("").await.total, 0);
}

#[tokio::test]
async fn asked_a_second_time_it_ends_at_once() {
    let app = TestApp::start().await;
    for (first, second) in [("TERM", "TERM"), ("INT", "INT")] {
        let (mut process, client) = server(&app, &[]).await;
        let _upload = begun_upload(&client).await;
        process.signal(first);
        refused(&client).await;
        let asked = Instant::now();
        process.signal(second);
        assert_eq!(process.ended().await, Some(1), "{}", process.log());
        assert!(asked.elapsed() < LIMIT / 4, "it took {:?}", asked.elapsed());
    }
}

/// Event streams have no end of their own.
#[tokio::test]
async fn open_pages_keep_no_server_alive() {
    let app = TestApp::start().await;
    let (mut process, client) = server(&app, &[]).await;
    let events = client.get("/api/events").await;
    assert_eq!(events.status(), 200);
    let asked = Instant::now();
    process.signal("TERM");
    assert_eq!(process.ended().await, Some(0), "{}", process.log());
    assert!(asked.elapsed() < LIMIT / 2, "it took {:?}", asked.elapsed());
}
