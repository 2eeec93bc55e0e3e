//! `GET /health` and `GET /livez`

use crate::support::{Proxy, closed_port, problem};
use serde_json::{Value, json};
use testkit::{Client, Setup, TestApp};

/// A vault, and a second server of it that is told something else.
async fn with_server(variable: &str, value: String) -> (TestApp, Client) {
    let mut app = TestApp::start().await;
    let mut environment = app.environment.clone();
    environment.insert(variable.to_owned(), value);
    let server = app.second_server(environment).await;
    let token = app.client.token.clone().unwrap();
    let client = server.with_token(token);
    (app, client)
}

async fn health(client: &Client) -> (u16, Value) {
    let response = client.get("/health").await;
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Degraded for this part alone; and the process lives all the same.
async fn assert_degraded(client: &Client, part: &str, secrets: &[&str]) {
    let (status, body) = health(client).await;
    assert_eq!((status, &body["status"]), (503, &json!("degraded")));
    for (name, check) in body["checks"].as_object().unwrap() {
        let check = check.as_str().unwrap();
        assert_eq!(check == "ok", name != part, "{body}");
        assert!(check == "ok" || check.starts_with("error: "), "{body}");
    }
    for secret in secrets {
        assert!(!body.to_string().contains(secret), "{body}");
    }
    assert_eq!(client.get("/livez").await.status(), 200);
}

#[tokio::test]
async fn a_vault_whose_parts_all_answer_is_ok() {
    let app = TestApp::start().await;
    let expected =
        json!({ "status": "ok", "checks": { "postgres": "ok", "minio": "ok", "redis": "ok" } });
    assert_eq!(health(&app.client).await, (200, expected));
    assert_eq!(app.client.get("/livez").await.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn without_redis_it_is_degraded_and_still_takes_uploads() {
    let away = closed_port().await;
    let url = format!("redis://:hidden-word@{away}/");
    let (_app, client) = with_server("REDIS_URL", url).await;
    assert_degraded(&client, "redis", &["hidden-word", &away, "127.0.0.1"]).await;
    let document = client.upload("a.txt", "text").await;
    assert_eq!(client.document(document.id).await.status, "pending");
}

#[tokio::test]
async fn without_postgresql_it_is_degraded_and_says_so_everywhere() {
    let away = closed_port().await;
    let url = format!("postgres://someone:hidden-word@{away}/docuvault");
    let (_app, client) = with_server("DATABASE_URL", url).await;
    assert_degraded(
        &client,
        "postgres",
        &["hidden-word", "someone", &away, "127.0.0.1"],
    )
    .await;
    let response = client.get("/api/documents").await;
    assert!(response.headers().contains_key("retry-after"));
    let problem = problem(response, 503).await;
    assert_eq!(problem.code, "unavailable");
    assert!(!problem.detail.contains(&away));
}

#[tokio::test]
async fn without_the_object_store_it_is_degraded_and_keeps_no_row_of_a_failed_upload() {
    let endpoint = testkit::env("MINIO_ENDPOINT");
    let target = endpoint
        .trim_end_matches('/')
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let proxy = Proxy::start(target).await;
    let address = proxy.address.clone();
    let app = Setup::default()
        .with("MINIO_ENDPOINT", format!("http://{address}"))
        .start()
        .await;
    assert_eq!(health(&app.client).await.0, 200);
    proxy.go_away().await;
    assert_degraded(&app.client, "minio", &[&address, "127.0.0.1"]).await;
    problem(app.client.try_upload("a.txt", "text").await, 503).await;
    assert_eq!(app.client.documents("").await.total, 0);
}

#[tokio::test]
async fn a_key_that_the_object_store_refuses_is_named_as_such() {
    let app = Setup::default()
        .with("MINIO_SECRET_KEY", "a-wrong-hidden-word")
        .start()
        .await;
    assert_degraded(&app.client, "minio", &["hidden-word"]).await;
    assert_eq!(
        health(&app.client).await.1["checks"]["minio"],
        "error: access refused"
    );
}
