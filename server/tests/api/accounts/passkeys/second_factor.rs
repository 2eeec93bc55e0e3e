//! A passkey after the password.

use super::{add, authenticator, vault};
use crate::{
    accounts::{log_in, tokens},
    support::problem,
};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use testkit::{PASSWORD, POST, SoftKey, TestApp};

/// The token of a sign-in that waits for its second factor.
async fn waiting(app: &TestApp, login: &str) -> String {
    let step = log_in(&app.client, login, PASSWORD).await;
    assert_eq!(step.status(), StatusCode::ACCEPTED);
    let wanted: wire::SecondFactorWanted = step.json().await.unwrap();
    assert_eq!(wanted.methods, ["passkey", "recovery_code"]);
    wanted.token
}

async fn ask(app: &TestApp, token: &str) -> Response {
    let given = json!({ "second_factor_token": token });
    let nobody = app.client.anonymous();
    nobody.send(POST, "/api/auth/passkey/options", given).await
}

async fn answer(app: &TestApp, token: &str, key: &mut SoftKey) -> Response {
    let asked: Value = ask(app, token).await.json().await.unwrap();
    let credential = authenticator(app).get(key, &asked["options"]);
    let given = json!({
        "ceremony": asked["ceremony"],
        "credential": credential,
        "second_factor_token": token,
    });
    let nobody = app.client.anonymous();
    nobody.send(POST, "/api/auth/passkey", given).await
}

#[tokio::test]
async fn it_is_asked_for_after_the_password_and_lets_in_once() {
    let app = vault().await;
    let ada = app.person("ada").await;
    let (mut key, _) = add(&app, &ada).await;
    let token = waiting(&app, "ada").await;
    let asked: Value = ask(&app, &token).await.json().await.unwrap();
    let allowed = asked["options"]["allowCredentials"].as_array().unwrap();
    assert_eq!(allowed.len(), 1);
    let answered = answer(&app, &token, &mut key).await;
    assert_eq!(answered.status(), StatusCode::OK);
    let (access, _) = tokens(answered).await;
    let account = app.client.with_token(access).get("/api/account").await;
    let account: wire::Account = account.json().await.unwrap();
    assert_eq!(account.handle, "ada");
    assert_eq!(
        problem(ask(&app, &token).await, 401).await.code,
        "sign_in_over"
    );
}

#[tokio::test]
async fn an_authenticator_that_was_told_whom_need_not_say_it() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    key.user = None;
    let token = waiting(&app, "admin").await;
    let answered = answer(&app, &token, &mut key).await;
    assert_eq!(answered.status(), StatusCode::OK);
}

#[tokio::test]
async fn anothers_does_not_do_and_leaves_another_try() {
    let app = vault().await;
    let eve = app.person("eve").await;
    let (mut key, _) = add(&app, &app.client).await;
    let (mut eves, _) = add(&app, &eve).await;
    let token = waiting(&app, "admin").await;
    for user in [eves.user.clone(), key.user.clone(), None] {
        eves.user = user;
        let refused = answer(&app, &token, &mut eves).await;
        assert_eq!(problem(refused, 401).await.code, "passkey_refused");
    }
    let answered = answer(&app, &token, &mut key).await;
    assert_eq!(answered.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_question_asked_of_nobody_in_particular_is_not_one_for_a_second_factor() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    let token = waiting(&app, "admin").await;
    let asked = super::ask(&app).await;
    let given = json!({
        "ceremony": asked["ceremony"],
        "credential": authenticator(&app).get(&mut key, &asked["options"]),
        "second_factor_token": token,
    });
    let nobody = app.client.anonymous();
    let refused = nobody.send(POST, "/api/auth/passkey", given).await;
    problem(refused, 401).await;

    let asked: Value = ask(&app, &token).await.json().await.unwrap();
    let credential = authenticator(&app).get(&mut key, &asked["options"]);
    problem(super::answer(&app, &asked, credential).await, 401).await;
}

#[tokio::test]
async fn who_has_no_passkey_is_asked_for_none() {
    let app = vault().await;
    for token in ["", "dvf_x", app.client.token.as_ref().unwrap()] {
        problem(ask(&app, token).await, 401).await;
    }
}
