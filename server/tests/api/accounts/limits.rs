//! Guessing is slow, and slows nobody else.

use super::{is_good, log_in, signed_in};
use crate::support::problem;
use reqwest::{Response, StatusCode};
use serde_json::json;
use std::collections::BTreeMap;
use testkit::{Client, PASSWORD, POST, Setup};

/// A try from that address, told by a proxy that is trusted.
async fn from(client: &Client, address: &str, login: &str, password: &str) -> Response {
    client
        .anonymous()
        .request(POST, "/api/auth/login")
        .header("x-forwarded-for", address)
        .json(&json!({ "login": login, "password": password }))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_thousand_wrong_passwords_from_one_address_lock_out_that_address_only() {
    let app = Setup::default()
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .start()
        .await;
    let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
    for _ in 0..100 {
        let tries = (0..10).map(|_| from(&app.client, "203.0.113.9", "admin", "a wrong guess"));
        for answer in futures::future::join_all(tries).await {
            if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                let wait: u64 = answer.headers()["retry-after"]
                    .to_str()
                    .unwrap()
                    .parse()
                    .unwrap();
                assert!((1..=300).contains(&wait), "{wait}");
            }
            *answers.entry(answer.status().as_u16()).or_default() += 1;
        }
    }
    let let_through = answers[&401];
    assert!((20..=40).contains(&let_through), "{answers:?}");
    assert_eq!(answers[&429], 1000 - let_through, "{answers:?}");

    let locked_out = from(&app.client, "203.0.113.9", "admin", PASSWORD).await;
    assert_eq!(problem(locked_out, 429).await.code, "rate_limited");
    let owner = from(&app.client, "198.51.100.7", "admin", PASSWORD).await;
    assert_eq!(owner.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_client_can_not_choose_the_address_it_is_counted_under() {
    let app = Setup::default().start().await;
    let mut limited = 0;
    for n in 0..40 {
        let answer = from(
            &app.client,
            &format!("203.0.113.{n}"),
            "nobody",
            "a wrong guess",
        )
        .await;
        limited += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(limited >= 15, "{limited}");
}

#[tokio::test]
async fn guesses_at_one_account_are_counted_together_wherever_they_come_from() {
    let app = Setup::default()
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .start()
        .await;
    let mut limited = 0;
    for n in 0..70 {
        let answer = from(
            &app.client,
            &format!("203.0.113.{n}"),
            "ADMIN",
            "a wrong guess",
        )
        .await;
        limited += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(limited >= 15, "{limited}");
    let another = from(&app.client, "198.51.100.7", "nobody", "a wrong guess").await;
    assert_eq!(another.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn while_tries_can_not_be_counted_nobody_signs_in_and_reading_goes_on() {
    let mut app = Setup::default().start().await;
    let mut broken = app.environment.clone();
    broken.insert("REDIS_URL".to_owned(), "redis://127.0.0.1:1/".to_owned());
    let second = app.second_server(broken).await;
    let refused = log_in(&second, "admin", PASSWORD).await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 503).await;
    let token = app.client.token.clone().unwrap();
    assert_eq!(
        second
            .with_token(&token)
            .get("/api/documents")
            .await
            .status(),
        StatusCode::OK
    );
    assert!(is_good(&app, &token).await);
    // Also for those whose access token ends meanwhile.
    let (_, refresh) = signed_in(&app, "admin").await;
    let request = json!({ "refresh_token": refresh });
    let next = second.send(POST, "/api/auth/refresh", request).await;
    assert_eq!(next.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_name_that_can_be_nobodys_is_refused_as_any_other() {
    let app = Setup::default().start().await;
    let long = "x".repeat(100_000);
    for name in ["", "\0", "ad\0min\u{1}x", "\u{202e}nimda", &long] {
        let refused = log_in(&app.client, name, "a wrong guess").await;
        assert_eq!(problem(refused, 401).await.code, "wrong_credentials");
    }
}
