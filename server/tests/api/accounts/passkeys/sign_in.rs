//! Signing in with a passkey in place of name and password.

use super::{add, answer, ask, authenticator, create, sign_in, vault};
use crate::{
    accounts::{is_good, tokens},
    support::problem,
};
use reqwest::StatusCode;
use serde_json::json;
use testkit::{POST, Setup};

#[tokio::test]
async fn a_passkey_stands_for_name_and_password() {
    let app = vault().await;
    let ada = app.person("ada").await;
    let options = app.client.get("/api/auth/options").await;
    let options: wire::SignInOptions = options.json().await.unwrap();
    assert!(options.passkeys);
    let (mut key, _) = add(&app, &ada).await;
    for _ in 0..2 {
        let answer = sign_in(&app, &mut key).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let (access, refresh) = tokens(answer).await;
        let account = app.client.with_token(access).get("/api/account").await;
        let account: wire::Account = account.json().await.unwrap();
        assert_eq!(account.handle, "ada");
        assert!(refresh.starts_with("dvr_"));
    }
    let list = ada.get("/api/account/passkeys").await;
    let list: wire::PasskeyList = list.json().await.unwrap();
    assert!(list.passkeys[0].last_used_at.is_some());
}

#[tokio::test]
async fn an_authenticator_that_does_not_count_is_good_too() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    for _ in 0..2 {
        // The next is 0.
        key.counter = u32::MAX;
        assert_eq!(sign_in(&app, &mut key).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_question_is_answered_once() {
    let app = vault().await;
    let asked = super::begin(&app.client).await;
    let (mut key, credential) = authenticator(&app).create(&asked["options"]);
    let first = create(&app.client, &asked, credential.clone()).await;
    assert_eq!(first.status(), StatusCode::CREATED);
    let again = create(&app.client, &asked, credential).await;
    assert_eq!(
        problem(again, 422).await.errors[0].loc,
        ["body", "ceremony"]
    );

    let asked = ask(&app).await;
    let credential = authenticator(&app).get(&mut key, &asked["options"]);
    let first = answer(&app, &asked, credential.clone()).await;
    assert_eq!(first.status(), StatusCode::OK);
    problem(answer(&app, &asked, credential).await, 401).await;

    // A wrong answer uses the question up, too.
    let asked = ask(&app).await;
    problem(answer(&app, &asked, json!({})).await, 401).await;
    let right = authenticator(&app).get(&mut key, &asked["options"]);
    problem(answer(&app, &asked, right).await, 401).await;
}

#[tokio::test]
async fn of_two_answers_at_once_one_counts() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    let asked = ask(&app).await;
    let credential = authenticator(&app).get(&mut key, &asked["options"]);
    let (one, two) = tokio::join!(
        answer(&app, &asked, credential.clone()),
        answer(&app, &asked, credential),
    );
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn a_question_is_over_after_a_while() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    let asked = ask(&app).await;
    app.database
        .execute("UPDATE passkey_ceremonies SET expires_at = now()")
        .await;
    let late = authenticator(&app).get(&mut key, &asked["options"]);
    problem(answer(&app, &asked, late).await, 401).await;
}

#[tokio::test]
async fn tries_from_one_address_are_counted() {
    let app = vault().await;
    let mut limited = 0;
    for _ in 0..60 {
        let nobody = app.client.anonymous();
        let asked = nobody.send(POST, "/api/auth/passkey/options", json!({}));
        limited += usize::from(asked.await.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((15..=20).contains(&limited), "{limited}");
}

#[tokio::test]
async fn while_tries_can_not_be_counted_nobody_signs_in() {
    let mut app = Setup::default().at_a_name().start().await;
    let mut broken = app.environment.clone();
    broken.insert("REDIS_URL".to_owned(), "redis://127.0.0.1:1/".to_owned());
    let second = app.second_server(broken).await;
    let refused = second.send(POST, "/api/auth/passkey/options", json!({}));
    problem(refused.await, 503).await;
    assert!(is_good(&app, app.client.token.as_ref().unwrap()).await);
}
