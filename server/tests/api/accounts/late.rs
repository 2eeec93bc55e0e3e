//! Requests whose last byte comes long after their first: they are carried out for whoever is still
//! signed in when they have come whole.

use crate::support::{Raw, assert_nothing_left};
use testkit::{Client, POST, TestApp};

/// Sends the head of a request, until the server reads its body.
async fn begun(client: &Client, path: &str, kind: &str, length: usize) -> Raw {
    let mut raw = Raw::connect(&client.base).await;
    let token = client.token.as_ref().unwrap();
    raw.send(format!(
        "POST {path} HTTP/1.1\r\nhost: vault\r\nexpect: 100-continue\r\nauthorization: Bearer {token}\r\n\
         content-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
    ))
    .await;
    assert!(raw.head().await.starts_with("HTTP/1.1 100"));
    raw
}

async fn is_refused(mut raw: Raw) {
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 401"), "{head}");
}

#[tokio::test]
async fn a_request_that_comes_whole_after_its_session_ended_is_refused() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let body = r#"{ "name": "Tax" }"#;
    // Whatever it says it is.
    for kind in ["application/json", "multipart/form-data; boundary=b"] {
        let mut raw = begun(&ada, "/api/topics", kind, body.len()).await;
        raw.send(&body[..5]).await;
        ada.request(POST, "/api/auth/logout").send().await.unwrap();
        raw.send(&body[5..]).await;
        is_refused(raw).await;
    }
    assert_eq!(app.database.number("SELECT count(*) FROM topics").await, 0);
}

#[tokio::test]
async fn an_upload_that_ends_after_its_owner_was_shut_out_leaves_nothing() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let file = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n\
                A letter.\r\n--b--\r\n";
    let kind = "multipart/form-data; boundary=b";
    let mut raw = begun(&ada, "/api/documents/upload", kind, file.len()).await;
    raw.send(&file[..file.len() - 9]).await;
    app.database
        .execute("UPDATE users SET is_active = false WHERE handle = 'ada'")
        .await;
    raw.send(&file[file.len() - 9..]).await;
    is_refused(raw).await;
    assert_nothing_left(&app).await;
}
