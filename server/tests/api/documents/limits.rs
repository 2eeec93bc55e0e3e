//! `POST /api/documents/upload`: what is too large or does not arrive whole leaves nothing behind.

use crate::support::{Raw, assert_nothing_left, closed_port, file, form, problem, send_form};
use reqwest::{Body, multipart::Form, multipart::Part};
use testkit::{Client, Process, Setup, TestApp, until};

const LIMIT: usize = 100_000;

async fn limited() -> TestApp {
    Setup::default()
        .with("MAX_UPLOAD_BYTES", LIMIT.to_string())
        .start()
        .await
}

fn start_of_form(client: &Client, length: usize) -> String {
    let token = client.token.as_ref().unwrap();
    format!(
        "POST /api/documents/upload HTTP/1.1\r\nhost: vault\r\nexpect: 100-continue\r\n\
         authorization: Bearer {token}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: {length}\r\n\r\n"
    )
}

const START_OF_FILE: &str =
    "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n";

/// A file that comes in pieces, its size unsaid.
fn in_pieces(size: usize) -> Part {
    const PIECE: usize = 1000;
    let pieces = (0..size.div_ceil(PIECE))
        .map(move |at| Ok::<_, std::io::Error>(vec![b'a'; PIECE.min(size - at * PIECE)]));
    Part::stream(Body::wrap_stream(futures::stream::iter(pieces))).file_name("a.txt")
}

#[tokio::test]
async fn the_limit_itself_is_allowed() {
    let app = limited().await;
    let document = app.client.upload("a.txt", vec![b'a'; LIMIT]).await;
    assert_eq!(document.size_bytes, LIMIT as i64);
}

#[tokio::test]
async fn one_byte_more_is_refused_by_count() {
    let app = limited().await;
    let refused = problem(
        app.client.try_upload("a.txt", vec![b'a'; LIMIT + 1]).await,
        413,
    )
    .await;
    assert_eq!(refused.code, "file_too_large");
    assert!(
        refused.detail.contains("100000 bytes"),
        "{}",
        refused.detail
    );
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn a_body_of_unsaid_length_is_counted_too() {
    let app = limited().await;
    problem(
        send_form(&app.client, Form::new().part("file", in_pieces(LIMIT + 1))).await,
        413,
    )
    .await;
    assert_nothing_left(&app).await;
    let allowed = send_form(&app.client, Form::new().part("file", in_pieces(LIMIT))).await;
    assert_eq!(allowed.status(), 200);
}

#[tokio::test]
async fn a_length_that_is_too_large_is_refused_before_the_body_comes() {
    let app = limited().await;
    let mut raw = Raw::connect(&app.client.base).await;
    raw.send(start_of_form(&app.client, 10 * LIMIT)).await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 413"), "{head}");
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn a_file_that_turns_out_too_large_after_its_first_parts_were_stored_is_removed() {
    let limit = 17 * 1024 * 1024;
    let app = Setup::default()
        .with("MAX_UPLOAD_BYTES", limit.to_string())
        .start()
        .await;
    let too_large = Form::new().part("file", in_pieces(limit + 1));
    problem(send_form(&app.client, too_large).await, 413).await;
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn a_field_that_is_too_long_takes_its_file_with_it() {
    let app = TestApp::start().await;
    problem(
        send_form(
            &app.client,
            form("a.txt", "text").text("note", "x".repeat(5000)),
        )
        .await,
        400,
    )
    .await;
    let first = Form::new()
        .text("auto_classify", "x".repeat(5000))
        .part("file", file("a.txt", "text"));
    problem(send_form(&app.client, first).await, 400).await;
    assert_nothing_left(&app).await;
}

/// The real server, so that a graceful stop says when everything under way has ended.
async fn start_server(app: &TestApp) -> (Process, Client) {
    let address = closed_port().await;
    let mut environment = app.environment.clone();
    environment.insert("LISTEN".to_owned(), address.clone());
    let server = Process::start("server", &environment);
    let token = app.client.token.clone().unwrap();
    let client = Client::new(format!("http://{address}")).with_token(token);
    until("the server", testkit::PATIENCE, async || {
        Ok(client
            .request(reqwest::Method::GET, "/livez")
            .send()
            .await
            .ok()
            .map(drop))
    })
    .await
    .unwrap();
    (server, client)
}

/// Begins an upload of a form of `length` bytes, sends some of it, and goes away.
async fn begin_and_go(client: &Client, length: usize, sent: &[u8]) {
    let mut raw = Raw::connect(&client.base).await;
    raw.send(start_of_form(client, length)).await;
    // The server reads the body now.
    assert!(raw.head().await.starts_with("HTTP/1.1 100"));
    raw.send(sent).await;
}

#[tokio::test]
async fn uploads_that_are_cancelled_leave_nothing_behind() {
    let app = TestApp::start().await;
    let (mut server, client) = start_server(&app).await;
    let start = START_OF_FILE.as_bytes();
    // In the first bytes of a small file.
    begin_and_go(&client, LIMIT, &[start, &vec![b'a'; LIMIT / 2]].concat()).await;
    // After the first parts of a large one are stored.
    begin_and_go(
        &client,
        30_000_000,
        &[start, &vec![b'a'; 18_000_000]].concat(),
    )
    .await;
    // When the whole file is stored, in the middle of the next field.
    let next = b"\r\n--b\r\ncontent-disposition: form-data; name=\"auto_classify\"\r\n\r\nfal";
    begin_and_go(&client, LIMIT, &[start, b"a whole file", next].concat()).await;
    assert_eq!(server.stop(), Some(0));
    assert_nothing_left(&app).await;
}
