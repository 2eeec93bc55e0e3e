//! Guessing codes is slow.

use super::{App, password_given, switch_on};
use crate::support::problem;
use reqwest::{Response, StatusCode};
use serde_json::json;
use testkit::{Client, POST, Setup, TestApp};

/// A try from that address, told by a proxy that is trusted.
async fn from(client: &Client, address: &str, token: &str, code: &str) -> Response {
    client
        .anonymous()
        .request(POST, "/api/auth/second-factor")
        .header("x-forwarded-for", address)
        .json(&json!({ "token": token, "code": code }))
        .send()
        .await
        .unwrap()
}

async fn armed() -> (TestApp, App) {
    let app = Setup::default()
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .start()
        .await;
    let on = switch_on(&app, &app.client).await;
    (app, on)
}

fn wait(answer: &Response) -> u64 {
    let wait = answer.headers()["retry-after"].to_str().unwrap();
    wait.parse().unwrap()
}

#[tokio::test]
async fn codes_of_one_account_are_counted_wherever_they_come_from() {
    let (app, on) = armed().await;
    let token = password_given(&app).await;
    for n in 0..10 {
        let address = format!("203.0.113.{n}");
        let wrong = from(&app.client, &address, &token, &on.wrong_code()).await;
        problem(wrong, 401).await;
    }
    let limited = from(&app.client, "203.0.113.99", &token, &on.code()).await;
    let seconds = wait(&limited);
    assert!((1..=361).contains(&seconds), "{seconds}");
    assert_eq!(problem(limited, 429).await.code, "rate_limited");
    // A recovery code can't be guessed: it lets the owner in all the same.
    let owner = from(&app.client, "203.0.113.99", &token, &on.codes[0]).await;
    assert_eq!(owner.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_right_code_forgives_the_wrong_ones() {
    let (app, on) = armed().await;
    let token = password_given(&app).await;
    for _ in 0..9 {
        from(&app.client, "203.0.113.9", &token, &on.wrong_code()).await;
    }
    let right = from(&app.client, "203.0.113.9", &token, &on.code()).await;
    assert_eq!(right.status(), StatusCode::OK);
    let token = password_given(&app).await;
    for _ in 0..9 {
        let wrong = from(&app.client, "203.0.113.10", &token, &on.wrong_code()).await;
        problem(wrong, 401).await;
    }
}

#[tokio::test]
async fn tries_from_one_address_are_counted_whatever_they_try() {
    let (app, on) = armed().await;
    let token = password_given(&app).await;
    let mut limited = 0;
    for _ in 0..40 {
        let answer = from(&app.client, "203.0.113.9", "no token", "123456").await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!((1..=300).contains(&wait(&answer)));
            limited += 1;
        }
    }
    assert!(limited >= 15, "{limited}");
    let owner = from(&app.client, "198.51.100.7", &token, &on.code()).await;
    assert_eq!(owner.status(), StatusCode::OK);
}
