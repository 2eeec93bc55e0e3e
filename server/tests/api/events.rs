//! `GET /api/events`

use reqwest::{Method, Response};
use testkit::{Client, PATCH, POST, TestApp};
use uuid::Uuid;
use wire::DocumentEvent;

/// What a browser's `EventSource` would hear.
struct Listener {
    response: Response,
    heard: String,
}

impl Listener {
    async fn open(client: &Client) -> Self {
        let response = client.get("/api/events").await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut listener = Self {
            response,
            heard: String::new(),
        };
        assert_eq!(
            listener.next().await,
            Some(("hello".to_owned(), "{}".to_owned()))
        );
        listener
    }

    /// The next event's name and data; `None` when the stream has ended.
    async fn next(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.heard.split_once("\n\n") {
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                        .unwrap_or_default()
                        .to_owned()
                };
                let event = (field("event"), field("data"));
                self.heard = rest.to_owned();
                return Some(event);
            }
            let piece = tokio::time::timeout(testkit::PATIENCE, self.response.chunk());
            let piece = piece.await.expect("an event in time").unwrap()?;
            self.heard.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    /// The statuses of a document, up to and including the last.
    async fn until(&mut self, id: Uuid, last: &str) -> Vec<String> {
        let mut statuses = Vec::new();
        while statuses.last().is_none_or(|status| status != last) {
            let (event, data) = self.next().await.unwrap();
            assert_eq!(event, "document");
            let event: DocumentEvent = serde_json::from_str(&data).unwrap();
            assert_eq!(event.id, id);
            statuses.push(event.status);
        }
        statuses
    }
}

#[tokio::test]
async fn an_open_page_hears_a_document_from_its_upload_to_its_end() {
    let app = TestApp::start_with_worker().await;
    let mut listener = Listener::open(&app.client).await;
    let id = app.client.upload("a.txt", "text").await.id;
    let statuses = listener.until(id, "ready").await;
    assert!(statuses.contains(&"processing".to_owned()), "{statuses:?}");
    let deleted = app
        .client
        .request(Method::DELETE, &format!("/api/documents/{id}"))
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status(), 204);
    assert_eq!(
        listener.until(id, "deleted").await.last().unwrap(),
        "deleted"
    );
}

#[tokio::test]
async fn every_open_page_hears_of_failures_too() {
    let app = TestApp::start_with_worker().await;
    let mut one = Listener::open(&app.client).await;
    let mut other = Listener::open(&app.client).await;
    let id = app.client.upload("empty.txt", "").await.id;
    one.until(id, "failed").await;
    other.until(id, "failed").await;
}

#[tokio::test]
async fn open_streams_do_not_keep_a_server_that_stops() {
    let app = TestApp::start().await;
    let mut listener = Listener::open(&app.client).await;
    tokio::time::timeout(testkit::PATIENCE, app.stop())
        .await
        .expect("it stops in time");
    assert_eq!(listener.next().await, None);
}

#[tokio::test]
async fn nobody_hears_of_anothers_documents() {
    let app = TestApp::start_with_worker().await;
    let ada = app.person("ada").await;
    let mut listener = Listener::open(&ada).await;
    let anothers = app.client.upload("a.txt", "Not for Ada.").await.id;
    app.client.finished(anothers).await;
    let own = ada.upload("a.txt", "For Ada.").await.id;
    // Fails at the first event about another document.
    listener.until(own, "ready").await;
}

#[tokio::test]
async fn a_stream_ends_with_the_session_that_opened_it() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let (mut hers, mut anothers) = (
        Listener::open(&ada).await,
        Listener::open(&app.client).await,
    );
    ada.request(POST, "/api/auth/logout").send().await.unwrap();
    assert_eq!(hers.next().await, None);
    let id = app.client.upload("a.txt", "text").await.id;
    anothers.until(id, "pending").await;
}

#[tokio::test]
async fn a_stream_ends_when_an_admin_disables_its_account() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let account: wire::Account = ada.get("/api/account").await.json().await.unwrap();
    let program = ada.with_token(ada.api_token("read").await);
    let (mut hers, mut its) = (Listener::open(&ada).await, Listener::open(&program).await);
    let path = format!("/api/admin/users/{}", account.id);
    let disabled = serde_json::json!({ "is_active": false });
    app.client.send(PATCH, &path, disabled).await;
    assert_eq!(hers.next().await, None);
    assert_eq!(its.next().await, None);
}
