//! How much room documents take.

use crate::support::problem;
use domain::Caller;
use proptest::{prelude::*, test_runner::TestRunner};
use reqwest::{Method, StatusCode};
use testkit::{DELETE, Setup, TestApp};
use uuid::Uuid;

const COUNTED: &str = "SELECT sum(used_bytes)::bigint FROM quotas";
const ACTUAL: &str = "SELECT COALESCE(sum(size_bytes), 0)::bigint FROM documents";
const DOCUMENTS_COUNTED: &str = "SELECT sum(documents)::bigint FROM quotas";
const DOCUMENTS: &str = "SELECT count(*) FROM documents";

async fn with_room(bytes: usize) -> TestApp {
    Setup::default()
        .with("DEFAULT_QUOTA_BYTES", bytes.to_string())
        .start()
        .await
}

#[tokio::test]
async fn what_has_no_room_is_refused_and_leaves_nothing() {
    let app = with_room(1000).await;
    app.client.upload("a.txt", "x".repeat(600)).await;
    let refused = problem(app.client.try_upload("b.txt", "y".repeat(500)).await, 413).await;
    assert_eq!(refused.code, "quota_exceeded");
    assert_eq!(
        app.database.number("SELECT count(*) FROM documents").await,
        1
    );
    assert_eq!(app.bucket.keys().await.len(), 1);
    app.client.upload("b.txt", "y".repeat(400)).await;
    let account: wire::Account = app.client.get("/api/account").await.json().await.unwrap();
    assert_eq!((account.used_bytes, account.limit_bytes), (1000, 1000));
}

#[tokio::test]
async fn what_surely_has_no_room_is_refused_before_it_is_sent() {
    let app = with_room(1000).await;
    // A form that never ends: only a refusal that does not wait for it can be an answer.
    let endless = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let refused = app
        .client
        .request(Method::POST, "/api/documents/upload")
        .header("content-type", "multipart/form-data; boundary=cut")
        .header("content-length", "2000000")
        .body(reqwest::Body::wrap_stream(endless))
        .send()
        .await
        .unwrap();
    assert_eq!(problem(refused, 413).await.code, "quota_exceeded");
    assert!(app.bucket.keys().await.is_empty());
}

#[tokio::test]
async fn one_persons_documents_take_nobody_elses_room() {
    let app = with_room(1000).await;
    let ada = app.person("ada").await;
    app.client.upload("a.txt", "x".repeat(1000)).await;
    ada.upload("a.txt", "x".repeat(1000)).await;
}

#[tokio::test]
async fn of_many_uploads_at_once_no_more_are_taken_than_have_room() {
    let app = with_room(1000).await;
    let uploads = (0..12).map(|n| app.client.try_upload("a.txt", format!("{n:0>300}")));
    let taken = futures::future::join_all(uploads)
        .await
        .iter()
        .filter(|answer| answer.status() == StatusCode::OK)
        .count();
    assert_eq!(taken, 3);
    assert_eq!(app.database.number(COUNTED).await, 900);
    assert_eq!(app.bucket.keys().await.len(), 3);
}

#[tokio::test]
async fn a_wrong_count_is_found_told_and_corrected() {
    let app = with_room(1000).await;
    app.client.upload("a.txt", "x".repeat(600)).await;
    let services = app.services();
    let caller = Caller::system("a test");
    assert_eq!(services.quotas().recount(&caller).await.unwrap(), []);
    app.database
        .execute("UPDATE quotas SET used_bytes = 7")
        .await;
    let wrong = services.quotas().recount(&caller).await.unwrap();
    assert_eq!((wrong[0].counted, wrong[0].actual), (7, 600));
    assert_eq!(app.database.number(COUNTED).await, 600);
    app.database
        .execute("UPDATE quotas SET documents = 7")
        .await;
    assert_eq!(services.quotas().recount(&caller).await.unwrap().len(), 1);
    assert_eq!(app.database.number(DOCUMENTS_COUNTED).await, 1);
}

/// What somebody does, some of it at the same time.
#[derive(Clone, Debug)]
enum Act {
    Upload(usize),
    /// Of a type that is refused after some of it was read.
    UploadRefused,
    Delete(usize),
}

fn acts() -> impl Strategy<Value = Vec<Vec<Act>>> {
    let act = prop_oneof![
        4 => (1_usize..600).prop_map(Act::Upload),
        1 => Just(Act::UploadRefused),
        3 => (0_usize..8).prop_map(Act::Delete),
    ];
    prop::collection::vec(prop::collection::vec(act, 1..5), 1..8)
}

async fn perform(app: &TestApp, known: &[Uuid], act: Act) -> Option<Uuid> {
    match act {
        Act::Upload(size) => {
            let answer = app.client.try_upload("a.txt", "x".repeat(size)).await;
            match answer.status() {
                StatusCode::OK => Some(answer.json::<wire::Document>().await.unwrap().id),
                StatusCode::PAYLOAD_TOO_LARGE => None,
                other => panic!("{other}"),
            }
        }
        Act::UploadRefused => {
            let answer = app
                .client
                .try_upload("a.exe", b"MZ\x90\x00\x03".to_vec())
                .await;
            assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
            None
        }
        Act::Delete(which) => {
            let id = known.get(which)?;
            let path = format!("/api/documents/{id}");
            let status = app
                .client
                .request(DELETE, &path)
                .send()
                .await
                .unwrap()
                .status();
            assert!(matches!(
                status,
                StatusCode::NO_CONTENT | StatusCode::NOT_FOUND
            ));
            None
        }
    }
}

/// Whatever happens in whatever order: the count is the sum, and the limit holds.
#[test]
fn the_count_is_always_the_sum() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let property = |rounds: Vec<Vec<Act>>| {
        runtime.block_on(async {
            let app = with_room(1000).await;
            let mut known = Vec::new();
            for round in rounds {
                let acts = round.into_iter().map(|act| perform(&app, &known, act));
                let made = futures::future::join_all(acts).await;
                known.extend(made.into_iter().flatten());
                let counted = app.database.number(COUNTED).await;
                assert_eq!(counted, app.database.number(ACTUAL).await);
                let documents = app.database.number(DOCUMENTS_COUNTED).await;
                assert_eq!(documents, app.database.number(DOCUMENTS).await);
                assert!(counted <= 1000);
            }
        });
        Ok(())
    };
    runner.run(&acts(), property).unwrap();
}
