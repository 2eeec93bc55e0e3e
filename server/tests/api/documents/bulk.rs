//! One act on several documents, as the list's form asks for it.

use reqwest::{Response, StatusCode};
use testkit::{Client, POST, TestApp};
use uuid::Uuid;

async fn act(client: &Client, function: &str, ids: &[Uuid], more: &str) -> Response {
    let ids: String = ids.iter().map(|id| format!("ids%5B%5D={id}&")).collect();
    client
        .request(POST, &format!("/_fn/documents/{function}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("referer", format!("{}/documents", client.base))
        .body(format!("{ids}{more}"))
        .send()
        .await
        .unwrap()
}

fn way_back(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::FOUND);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_can_not_be_done_with_one_is_done_with_the_others() {
    let app = TestApp::start().await;
    let one = app.client.upload("one.txt", "One.").await.id;
    let two = app.client.upload("two.txt", "Two.").await.id;
    let eve = app.person("eve").await;
    let hers = eve.upload("hers.txt", "Hers.").await.id;
    let back = "back=%2Fdocuments%3Fpage%3D2";
    let answer = act(&app.client, "delete_each", &[one, hers, one, two], back).await;
    assert_eq!(
        way_back(&answer),
        "/documents?page=2&done=deleted&count=2&left=1"
    );
    assert_eq!(app.client.documents("").await.total, 0);
    assert_eq!(eve.documents("").await.total, 1);
}

#[tokio::test]
async fn when_nothing_can_be_done_the_reason_is_told() {
    let app = TestApp::start().await;
    let gone = Uuid::from_u128(7);
    for (function, ids) in [
        ("delete_each", vec![]),
        ("delete_each", vec![gone]),
        ("classify_each", vec![gone]),
        ("add_topics_to_each", vec![gone]),
        ("take_topics_off_each", vec![gone]),
        ("delete_each", (0..501).map(Uuid::from_u128).collect()),
    ] {
        let address = way_back(&act(&app.client, function, &ids, "").await);
        assert!(address.contains("__err="), "{function}: {address}");
    }
}

#[tokio::test]
async fn topics_are_added_taken_off_and_given_back() {
    let app = TestApp::start().await;
    app.client.create_topic("Garden", "").await;
    let one = app.client.upload("one.txt", "One.").await.id;
    let two = app.client.upload("two.txt", "Two.").await.id;
    let unknown = "topics%5B%5D=Garden&topics%5B%5D=Nothing";
    let answer = act(&app.client, "add_topics_to_each", &[one, two], unknown).await;
    assert!(way_back(&answer).contains("__err="));
    assert!(app.client.document(one).await.topics.is_empty());

    let garden = "topics%5B%5D=Garden";
    let answer = act(&app.client, "add_topics_to_each", &[one, two], garden).await;
    let address = way_back(&answer);
    let (said, _) = address.split_once("&batch=").unwrap();
    assert_eq!(said, "/documents?done=added&count=2&left=0");
    assert_eq!(app.client.document(two).await.topics, ["Garden"]);

    let answer = act(&app.client, "take_topics_off_each", &[one, two], garden).await;
    let address = way_back(&answer);
    let (_, batch) = address.split_once("&batch=").unwrap();
    assert!(app.client.document(two).await.topics.is_empty());
    let answer = act(&app.client, "undo_batch", &[], &format!("id={batch}")).await;
    assert_eq!(way_back(&answer), "/documents?done=undone&count=2&left=0");
    for id in [one, two] {
        assert_eq!(app.client.document(id).await.topics, ["Garden"]);
    }
}
