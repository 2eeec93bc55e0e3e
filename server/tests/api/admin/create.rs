//! `POST /api/admin/users`, and the link with which the account's owner begins

use super::{patched, seen};
use crate::{accounts::log_in, support::problem};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use testkit::{PASSWORD, POST, TestApp};
use wire::CreatedUser;

async fn create(app: &TestApp, body: Value) -> Response {
    app.client.send(POST, "/api/admin/users", body).await
}

async fn created(app: &TestApp, body: Value) -> CreatedUser {
    let answer = create(app, body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    answer.json().await.unwrap()
}

fn ada() -> Value {
    json!({ "handle": "Ada", "email": "ada@vault.test" })
}

/// Chooses a password with a link.
pub async fn choose(app: &TestApp, link: &str) -> Response {
    let (page, token) = link.split_once("?token=").unwrap();
    assert_eq!(page, format!("{}/reset-password", app.client.base));
    let given = json!({ "token": token, "new_password": PASSWORD });
    app.client
        .anonymous()
        .send(POST, "/api/auth/password-reset/confirm", given)
        .await
}

#[tokio::test]
async fn its_owner_chooses_the_password_with_the_link() {
    let app = TestApp::start().await;
    let made = created(&app, ada()).await;
    assert_eq!(
        (made.user.handle.as_str(), made.user.role.as_str()),
        ("ada", "user")
    );
    assert!(made.user.is_active && !made.user.has_password);
    assert_eq!(made.user.last_seen_at, None);
    assert!(choose(&app, &made.link).await.status().is_success());
    assert_eq!(log_in(&app.client, "ada", PASSWORD).await.status(), 200);
    assert!(seen(&app, made.user.id).await.has_password);
    // It works once.
    problem(choose(&app, &made.link).await, 403).await;
}

#[tokio::test]
async fn until_then_nobody_signs_in_and_nobody_can_tell() {
    let app = TestApp::start().await;
    created(&app, ada()).await;
    for password in ["", "null", PASSWORD] {
        let refused = problem(log_in(&app.client, "ada", password).await, 401).await;
        let unknown = problem(log_in(&app.client, "nobody", password).await, 401).await;
        assert_eq!(refused, unknown);
    }
}

#[tokio::test]
async fn it_is_what_was_asked_for() {
    let app = TestApp::start().await;
    let mut body = ada();
    body["role"] = "admin".into();
    body["limit_bytes"] = 12_345.into();
    let made = created(&app, body).await;
    assert_eq!(
        (made.user.role.as_str(), made.user.limit_bytes),
        ("admin", 12_345)
    );
}

#[tokio::test]
async fn who_lost_the_link_gets_another() {
    let app = TestApp::start().await;
    let made = created(&app, ada()).await;
    let path = format!("/api/admin/users/{}/password-link", made.user.id);
    let answer = app.client.request(POST, &path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let next: wire::PasswordLink = answer.json().await.unwrap();
    problem(choose(&app, &made.link).await, 403).await;
    assert!(choose(&app, &next.link).await.status().is_success());
}

#[tokio::test]
async fn a_link_does_not_open_an_account_that_was_disabled_meanwhile() {
    let app = TestApp::start().await;
    let made = created(&app, ada()).await;
    patched(&app, made.user.id, json!({ "is_active": false })).await;
    problem(choose(&app, &made.link).await, 403).await;
    let path = format!("/api/admin/users/{}/password-link", made.user.id);
    let refused = app.client.request(POST, &path).send().await.unwrap();
    assert_eq!(problem(refused, 409).await.code, "account_disabled");
    patched(&app, made.user.id, json!({ "is_active": true })).await;
    problem(choose(&app, &made.link).await, 403).await;
}

#[tokio::test]
async fn what_is_taken_or_makes_no_sense_is_refused_by_name() {
    let app = TestApp::start().await;
    created(&app, ada()).await;
    for (field, value, status) in [
        ("handle", json!("Ada Lovelace"), 422),
        ("email", json!("ada"), 422),
        ("role", json!("owner"), 422),
        ("limit_bytes", json!(-1), 422),
        ("handle", json!("ada"), 409),
        ("email", json!("ADA@vault.test"), 409),
    ] {
        let mut body = json!({ "handle": "eve", "email": "eve@vault.test" });
        body[field] = value;
        let refused = problem(create(&app, body).await, status).await;
        assert_eq!(refused.errors[0].loc.last().unwrap(), field);
    }
}
