//! Accounts, signing in and out, tokens, quotas, the log.

mod audit;
mod browser;
mod late;
mod limits;
mod mail;
mod own;
mod passkeys;
mod quota;
mod rotation;
mod second_factor;
mod sessions;
mod set_up;
mod tokens;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, POST, TestApp};

/// A try to sign in.
pub async fn log_in(client: &Client, login: &str, password: &str) -> Response {
    let given = json!({ "login": login, "password": password });
    client
        .anonymous()
        .send(POST, "/api/auth/login", given)
        .await
}

/// A sign-in that works: access token and refresh token.
pub async fn signed_in(app: &TestApp, login: &str) -> (String, String) {
    let answer = log_in(&app.client, login, testkit::PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::OK);
    tokens(answer).await
}

/// The pair in an answer.
pub async fn tokens(answer: Response) -> (String, String) {
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["token_type"], "Bearer");
    let seconds = answer["expires_in"].as_i64().unwrap();
    assert!((540..=600).contains(&seconds), "{seconds}");
    let text = |field: &str| answer[field].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

/// Whether a token is good.
pub async fn is_good(app: &TestApp, token: &str) -> bool {
    let answer = app.client.with_token(token).get("/api/account").await;
    match answer.status() {
        StatusCode::OK => true,
        StatusCode::UNAUTHORIZED => false,
        other => panic!("{other}"),
    }
}
