//! `GET /api/documents`

use crate::support::problem;
use reqwest::Method;
use serde_json::json;
use testkit::TestApp;
use wire::DocumentList;

fn names(list: &DocumentList) -> Vec<&str> {
    list.documents
        .iter()
        .map(|document| document.original_name.as_str())
        .collect()
}

#[tokio::test]
async fn an_empty_vault_has_an_empty_first_page() {
    let app = TestApp::start().await;
    let list = app.client.documents("").await;
    assert_eq!((list.total, list.page, list.per_page), (0, 1, 20));
    assert_eq!(names(&list), [""; 0]);
}

#[tokio::test]
async fn pages_are_newest_first_and_hold_everything_once() {
    let app = TestApp::start().await;
    for number in 1..=5 {
        app.client
            .upload(&format!("{number}.txt"), format!("text {number}"))
            .await;
    }
    let first = app.client.documents("?page=1&per_page=2").await;
    assert_eq!((first.total, first.page, first.per_page), (5, 1, 2));
    assert_eq!(names(&first), ["5.txt", "4.txt"]);
    assert_eq!(
        names(&app.client.documents("?page=2&per_page=2").await),
        ["3.txt", "2.txt"]
    );
    assert_eq!(
        names(&app.client.documents("?page=3&per_page=2").await),
        ["1.txt"]
    );
    let beyond = app.client.documents("?page=4&per_page=2").await;
    assert_eq!((beyond.total, names(&beyond).len()), (5, 0));
    assert_eq!(names(&app.client.documents("").await).len(), 5);
}

/// A page after a cursor is not moved by what comes, or goes, before it.
#[tokio::test]
async fn cursors_lead_through_everything_once() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for number in 1..=5 {
        let document = app
            .client
            .upload(&format!("{number}.txt"), format!("text {number}"))
            .await;
        ids.push(document.id);
    }
    // Uploaded in the same moment: the id decides.
    app.database
        .execute(
            "UPDATE documents SET created_at = '2026-01-01' WHERE filename IN ('2.txt', '3.txt')",
        )
        .await;
    let first = app.client.documents("?per_page=2").await;
    assert_eq!(names(&first), ["5.txt", "4.txt"]);
    let after = |list: &DocumentList| {
        let cursor = list.next_cursor.clone().unwrap();
        format!("?per_page=2&cursor={cursor}")
    };
    app.client.upload("6.txt", "text 6").await;
    let last = format!("/api/documents/{}", ids[3]);
    app.client
        .request(Method::DELETE, &last)
        .send()
        .await
        .unwrap();
    let second = app.client.documents(&after(&first)).await;
    assert_eq!((second.total, names(&second).len()), (5, 2));
    let third = app.client.documents(&after(&second)).await;
    assert_eq!((names(&third).len(), third.next_cursor), (1, None));
    let mut seen: Vec<&str> = names(&second);
    seen.extend(third.documents.iter().map(|one| one.original_name.as_str()));
    assert_eq!(seen, ["1.txt", "3.txt", "2.txt"]);
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused() {
    let app = TestApp::start().await;
    for cursor in ["1", "x-y", "-", "9999999999999999999-1", "%00"] {
        let path = format!("/api/documents?cursor={cursor}");
        let refused = problem(app.client.get(&path).await, 422).await;
        assert_eq!(refused.errors[0].loc.last().unwrap(), "cursor", "{cursor}");
    }
    // Somebody else's is a place in time and shows nothing of theirs.
    app.person("ada").await.upload("a.txt", "a").await;
    let cursor = "?cursor=4000000000000000-ffffffffffffffffffffffffffffffff";
    assert_eq!(names(&app.client.documents(cursor).await), [""; 0]);
}

#[tokio::test]
async fn a_list_says_topics_and_holds_no_text() {
    let app = TestApp::start_with_worker().await;
    app.client.create_topic("Insurance", "policies").await;
    let id = app
        .client
        .upload("policy.txt", "An insurance policy for the house.")
        .await
        .id;
    app.client.finished(id).await;
    let list = app.client.documents("").await;
    assert_eq!(list.documents[0].topics, ["Insurance"]);
    assert_eq!(list.documents[0].extracted_text, None);
}

#[tokio::test]
async fn filters_by_topic_and_status_go_together() {
    let app = TestApp::start().await;
    for name in ["Home & garden", "Tax"] {
        app.client.create_topic(name, "").await;
    }
    for (name, topics) in [
        ("a.txt", json!(["Tax"])),
        ("b.txt", json!(["Tax", "Home & garden"])),
        ("c.txt", json!([])),
    ] {
        let id = app.client.upload(name, name).await.id;
        let path = format!("/api/documents/{id}/topics");
        assert_eq!(
            app.client
                .send(Method::PUT, &path, json!({ "topics": topics }))
                .await
                .status(),
            200
        );
    }
    let asked = async |query: &str| {
        let list = app.client.documents(query).await;
        assert_eq!(list.total as usize, list.documents.len());
        names(&list).join(" ")
    };
    assert_eq!(asked("?topic=Tax").await, "b.txt a.txt");
    assert_eq!(asked("?topic=Home%20%26%20garden").await, "b.txt");
    assert_eq!(asked("?topic=Nothing").await, "");
    assert_eq!(asked("?topic=&status=").await, "c.txt b.txt a.txt");
    assert_eq!(asked("?status=pending").await, "c.txt b.txt a.txt");
    assert_eq!(asked("?status=pending&topic=Tax").await, "b.txt a.txt");
    assert_eq!(asked("?status=ready&topic=Tax").await, "");
}

#[tokio::test]
async fn values_that_make_no_sense_are_refused() {
    let app = TestApp::start().await;
    for (query, field) in [
        ("?status=lost", "status"),
        ("?page=0", "page"),
        ("?page=-1", "page"),
        ("?page=100001", "page"),
        ("?per_page=0", "per_page"),
        ("?per_page=101", "per_page"),
        ("?per_page=99999999999", "per_page"),
        ("?topic=a%00b", "topic"),
    ] {
        let refused = problem(app.client.get(&format!("/api/documents{query}")).await, 422).await;
        assert_eq!(refused.errors[0].loc.last().unwrap(), field, "{query}");
    }
    problem(app.client.get("/api/documents?page=one").await, 422).await;
    assert_eq!(
        app.client
            .documents("?per_page=100&page=100000")
            .await
            .per_page,
        100
    );
}
