//! `GET /api/documents/{id}/content` and `/thumbnail`

use crate::support::problem;
use reqwest::{Method, Response};
use testkit::{Setup, TestApp, files};
use uuid::Uuid;

async fn content(app: &TestApp, id: Uuid, range: Option<&str>) -> Response {
    let request = app
        .client
        .request(Method::GET, &format!("/api/documents/{id}/content"));
    match range {
        None => request,
        Some(range) => request.header("range", range),
    }
    .send()
    .await
    .unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

#[tokio::test]
async fn the_whole_and_parts_of_it() {
    let app = TestApp::start().await;
    let id = app.client.upload("digits.txt", "0123456789").await.id;
    let whole = content(&app, id, None).await;
    assert_eq!(whole.status(), 200);
    assert_eq!(
        (
            header(&whole, "content-length"),
            header(&whole, "accept-ranges")
        ),
        ("10", "bytes")
    );
    assert_eq!(whole.text().await.unwrap(), "0123456789");
    for (range, shown, text) in [
        ("bytes=0-3", "bytes 0-3/10", "0123"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
        ("bytes=5-500", "bytes 5-9/10", "56789"),
    ] {
        let part = content(&app, id, Some(range)).await;
        assert_eq!(
            (part.status().as_u16(), header(&part, "content-range")),
            (206, shown),
            "{range}"
        );
        assert_eq!(header(&part, "content-length"), text.len().to_string());
        assert_eq!(part.text().await.unwrap(), text);
    }
}

#[tokio::test]
async fn ranges_outside_the_file_and_ranges_that_are_none() {
    let app = TestApp::start().await;
    let id = app.client.upload("digits.txt", "0123456789").await.id;
    let outside = content(&app, id, Some("bytes=10-")).await;
    assert_eq!(
        (outside.status().as_u16(), header(&outside, "content-range")),
        (416, "bytes */10")
    );
    for ignored in ["bytes=0-1,4-5", "lines=1-2", "bytes=x-y"] {
        let whole = content(&app, id, Some(ignored)).await;
        assert_eq!(whole.status(), 200, "{ignored}");
        assert_eq!(whole.text().await.unwrap(), "0123456789");
    }
}

#[tokio::test]
async fn an_empty_file_is_sent_as_it_is() {
    let app = TestApp::start().await;
    let id = app.client.upload("empty.txt", "").await.id;
    let whole = content(&app, id, None).await;
    assert_eq!(
        (whole.status().as_u16(), header(&whole, "content-length")),
        (200, "0")
    );
    assert_eq!(content(&app, id, Some("bytes=0-")).await.status(), 416);
}

#[tokio::test]
async fn only_harmless_types_may_be_shown_on_our_origin() {
    let app = TestApp::start().await;
    let page = "<!doctype html><html><body><script>alert(1)</script></body></html>";
    let html = app.client.upload("page.html", page).await;
    let text = app.client.upload("notes.txt", "notes").await;
    let pdf = app.client.upload("a.pdf", files::pdf(&["A page"])).await;
    assert_eq!(html.content_type, "text/html");
    for (id, kind) in [
        (html.id, "attachment"),
        (text.id, "attachment"),
        (pdf.id, "inline"),
    ] {
        let response = content(&app, id, None).await;
        assert!(header(&response, "content-disposition").starts_with(&format!("{kind};")));
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert!(header(&response, "content-security-policy").starts_with("default-src 'none'"));
        assert!(header(&response, "cache-control").contains("private"));
    }
    let asked = app
        .client
        .get(&format!("/api/documents/{}/content?download=1", pdf.id))
        .await;
    assert!(header(&asked, "content-disposition").starts_with("attachment;"));
    assert_eq!(header(&asked, "content-type"), "application/pdf");
}

#[tokio::test]
async fn the_name_is_sent_in_full_and_can_not_break_out() {
    let app = TestApp::start().await;
    let id = app
        .client
        .upload("Über \u{22}x\u{22}; a=b.txt", "text")
        .await
        .id;
    let name = app.client.document(id).await.original_name;
    let response = content(&app, id, None).await;
    let sent = header(&response, "content-disposition");
    assert_eq!(sent.matches('"').count(), 2, "{sent}");
    let encoded = sent.split("filename*=UTF-8''").nth(1).unwrap();
    assert!(encoded.starts_with("%C3%9Cber%20"), "{sent}");
    assert!(name.starts_with("Über "), "{name}");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = TestApp::start().await;
    problem(content(&app, Uuid::new_v4(), None).await, 404).await;
    let id = app.client.upload("a.txt", "text").await.id;
    problem(
        app.client
            .get(&format!("/api/documents/{id}/thumbnail"))
            .await,
        404,
    )
    .await;
    app.bucket.remove(&app.bucket.keys().await[0]).await;
    let missing = problem(content(&app, id, None).await, 404).await;
    assert_eq!(missing.code, "content_missing");
}

#[tokio::test]
async fn every_readable_document_has_a_picture() {
    let app = TestApp::start_with_worker().await;
    let pdf = app
        .client
        .upload("a.pdf", files::pdf(&["The first page"]))
        .await
        .id;
    let text = app.client.upload("a.txt", "The first lines").await.id;
    for id in [pdf, text] {
        assert!(app.client.finished(id).await.has_thumbnail);
        let picture = app
            .client
            .get(&format!("/api/documents/{id}/thumbnail"))
            .await;
        assert_eq!(
            (picture.status().as_u16(), header(&picture, "content-type")),
            (200, "image/jpeg")
        );
        assert!(header(&picture, "content-disposition").starts_with("inline;"));
        let bytes = picture.bytes().await.unwrap();
        assert!(
            bytes.starts_with(b"\xff\xd8\xff") && bytes.ends_with(b"\xff\xd9"),
            "no JPEG"
        );
    }
}

#[tokio::test]
async fn files_come_from_the_store_where_browsers_reach_it() {
    let store = testkit::env("MINIO_ENDPOINT");
    let app = Setup::default()
        .with("MINIO_PUBLIC_ENDPOINT", store.clone())
        .start()
        .await;
    let id = app.client.upload("my notes.txt", "0123456789").await.id;
    let path = format!("/api/documents/{id}/content?download=1");
    let sent_on = app.client.get(&path).await;
    assert_eq!(sent_on.status(), 307);
    assert_eq!(header(&sent_on, "cache-control"), "no-store");
    assert_eq!(header(&sent_on, "referrer-policy"), "no-referrer");
    let address = header(&sent_on, "location");
    assert!(address.starts_with(&store), "{address}");
    for part in [
        "response-content-disposition=attachment",
        "response-content-type=text%2Fplain",
        "X-Amz-Expires=60",
    ] {
        assert!(address.contains(part), "{part} is not in {address}");
    }
    let bytes = reqwest::get(address).await.unwrap();
    assert_eq!(bytes.text().await.unwrap(), "0123456789");
    let read = "SELECT count(*) FROM audit_log WHERE event_type = 'document.read'";
    assert_eq!(app.database.number(read).await, 1);

    // Shown in the vault, it comes through the vault.
    assert_eq!(content(&app, id, Some("bytes=0-3")).await.status(), 206);
    let stranger = app.person("ada").await;
    problem(stranger.get(&path).await, 404).await;
}
