//! The same bytes again and again, while they come and go: nobody waits for somebody who waits for them.

use reqwest::StatusCode;
use testkit::{DELETE, TestApp};

#[tokio::test]
async fn duplicates_come_and_go_at_once_and_none_is_refused() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        ids.push(app.client.upload("a.txt", "the same").await.id);
    }
    for _ in 0..6 {
        let deletions = ids.iter().map(async |id| {
            let path = format!("/api/documents/{id}");
            let answer = app.client.request(DELETE, &path).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        });
        let uploads = (0..8).map(|_| app.client.upload("a.txt", "the same"));
        let (_, uploaded) = futures::join!(
            futures::future::join_all(deletions),
            futures::future::join_all(uploads)
        );
        ids = uploaded.into_iter().map(|document| document.id).collect();
    }
    assert_eq!(app.client.documents("").await.total, 8);
    assert_eq!(app.bucket.keys().await.len(), 8);
}
