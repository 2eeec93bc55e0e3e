//! One's own passkeys: adding, naming, removing.

use super::{add, authenticator, begin, create, sign_in, vault};
use crate::{
    accounts::{is_good, signed_in},
    support::problem,
};
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Client, DELETE, PASSWORD, PATCH, POST, TestApp};
use uuid::Uuid;

const CODES: &str = "SELECT count(*) FROM recovery_codes";

async fn list(client: &Client) -> Vec<wire::Passkey> {
    let answer = client.get("/api/account/passkeys").await;
    let list: wire::PasskeyList = answer.json().await.unwrap();
    list.passkeys
}

async fn ids(client: &Client) -> Vec<Uuid> {
    let list = list(client).await;
    list.into_iter().map(|passkey| passkey.id).collect()
}

#[tokio::test]
async fn they_are_added_named_and_removed() {
    let app = vault().await;
    let me = &app.client;
    let (_, first) = add(&app, me).await;
    assert_eq!(first.recovery_codes.as_ref().map(Vec::len), Some(10));
    let (_, second) = add(&app, me).await;
    assert_eq!(second.recovery_codes, None);
    assert_eq!(ids(me).await, [first.passkey.id, second.passkey.id]);
    assert_eq!(list(me).await[0].name, "Phone");
    assert_eq!(first.passkey.last_used_at, None);

    let path = format!("/api/account/passkeys/{}", first.passkey.id);
    let renamed = me.send(PATCH, &path, json!({ "name": " Key " })).await;
    assert_eq!(renamed.status(), StatusCode::OK);
    assert_eq!(list(me).await[0].name, "Key");
    for name in ["", "  ", "a\nb", "a\0b", &"x".repeat(81)] {
        let refused = me.send(PATCH, &path, json!({ "name": name })).await;
        problem(refused, 422).await;
    }

    let wrong = me.send(DELETE, &path, json!({ "password": "x" })).await;
    assert_eq!(
        problem(wrong, 422).await.errors[0].loc,
        ["body", "password"]
    );
    for id in ids(me).await {
        assert_eq!(app.database.number(CODES).await, 10);
        let path = format!("/api/account/passkeys/{id}");
        let right = json!({ "password": PASSWORD });
        let removed = me.send(DELETE, &path, right.clone()).await;
        assert_eq!(removed.status(), StatusCode::NO_CONTENT);
        let again = me.send(DELETE, &path, right).await;
        assert_eq!(problem(again, 404).await.code, "passkey_not_found");
    }
    assert!(list(me).await.is_empty());
    assert_eq!(app.database.number(CODES).await, 0);
}

#[tokio::test]
async fn what_was_done_is_logged() {
    let app = vault().await;
    let (mut key, created) = add(&app, &app.client).await;
    let path = format!("/api/account/passkeys/{}", created.passkey.id);
    app.client
        .send(PATCH, &path, json!({ "name": "Key" }))
        .await;
    sign_in(&app, &mut key).await;
    let right = json!({ "password": PASSWORD });
    app.client.send(DELETE, &path, right).await;
    let logged = app
        .database
        .texts(
            "SELECT concat_ws(' ', event_type, metadata->>'note') FROM audit_log
              WHERE id > (SELECT max(id) FROM audit_log WHERE event_type = 'account.created') ORDER BY id",
        )
        .await;
    assert_eq!(
        logged,
        [
            "session.created",
            "passkey.created",
            "recovery_codes.created",
            "passkey.changed",
            "session.created with a passkey",
            "passkey.deleted",
        ]
    );
}

#[tokio::test]
async fn the_first_ends_the_sessions_begun_without_one_and_so_does_removing_one() {
    let app = vault().await;
    let (before, _) = signed_in(&app, "admin").await;
    let (mut key, created) = add(&app, &app.client).await;
    assert!(!is_good(&app, &before).await);
    assert!(is_good(&app, app.client.token.as_ref().unwrap()).await);

    let (with_it, _) = crate::accounts::tokens(sign_in(&app, &mut key).await).await;
    add(&app, &app.client).await;
    assert!(is_good(&app, &with_it).await);
    let path = format!("/api/account/passkeys/{}", created.passkey.id);
    let right = json!({ "password": PASSWORD });
    app.client.send(DELETE, &path, right).await;
    assert!(!is_good(&app, &with_it).await);
    assert!(is_good(&app, app.client.token.as_ref().unwrap()).await);
}

#[tokio::test]
async fn it_takes_the_password_to_add_one() {
    let app = vault().await;
    let wrong = json!({ "password": "a wrong guess" });
    let path = "/api/account/passkeys/options";
    let refused = app.client.send(POST, path, wrong).await;
    assert_eq!(
        problem(refused, 422).await.errors[0].loc,
        ["body", "password"]
    );
}

#[tokio::test]
async fn an_authenticator_has_one_and_nobody_has_anothers() {
    let app = vault().await;
    let eve = app.person("eve").await;
    let (key, created) = add(&app, &app.client).await;
    let asked = begin(&app.client).await;
    let excluded = asked["options"]["excludeCredentials"].as_array().unwrap();
    assert_eq!(excluded.len(), 1);
    // An authenticator that does not care.
    let again = authenticator(&app).create_again(&key, &asked["options"]);
    problem(create(&app.client, &asked, again).await, 422).await;
    let asked = begin(&eve).await;
    let copied = authenticator(&app).create_again(&key, &asked["options"]);
    let refused = create(&eve, &asked, copied).await;
    assert_eq!(problem(refused, 409).await.code, "passkey_exists");
    assert!(list(&eve).await.is_empty());
    assert_eq!(ids(&app.client).await, [created.passkey.id]);
}

#[tokio::test]
async fn a_strangers_is_not_found() {
    let app = vault().await;
    let eve = app.person("eve").await;
    let (_, created) = add(&app, &app.client).await;
    let path = format!("/api/account/passkeys/{}", created.passkey.id);
    let renamed = eve.send(PATCH, &path, json!({ "name": "Mine" })).await;
    problem(renamed, 404).await;
    let right = json!({ "password": PASSWORD });
    problem(eve.send(DELETE, &path, right).await, 404).await;
    assert_eq!(ids(&app.client).await, [created.passkey.id]);
    assert_eq!(list(&app.client).await[0].name, "Phone");
}

async fn nineteen_passkeys(app: &TestApp) {
    app.database
        .execute(
            "INSERT INTO passkeys (id, user_id, credential_id, name, passkey)
             SELECT gen_random_uuid(), id, uuid_send(gen_random_uuid()), 'Key', '{}'
               FROM users, generate_series(1, 19)",
        )
        .await;
}

#[tokio::test]
async fn there_are_twenty_at_most() {
    let app = vault().await;
    nineteen_passkeys(&app).await;
    let (one, other) = (begin(&app.client).await, begin(&app.client).await);
    let answers = [one, other].map(|asked| {
        let (_, credential) = authenticator(&app).create(&asked["options"]);
        let client = app.client.clone();
        async move { create(&client, &asked, credential).await }
    });
    let answers = futures::future::join_all(answers).await;
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let right = json!({ "password": PASSWORD });
    let path = "/api/account/passkeys/options";
    let refused = app.client.send(POST, path, right).await;
    assert_eq!(problem(refused, 409).await.code, "too_many_passkeys");
}

#[tokio::test]
async fn there_are_none_at_an_address_without_a_name() {
    let app = TestApp::start().await;
    let options = app.client.get("/api/auth/options").await;
    let options: wire::SignInOptions = options.json().await.unwrap();
    assert!(!options.passkeys);
    let right = json!({ "password": PASSWORD });
    let path = "/api/account/passkeys/options";
    let refused = app.client.send(POST, path, right).await;
    assert_eq!(problem(refused, 409).await.code, "no_passkeys");
    let refused = app
        .client
        .send(POST, "/api/auth/passkey/options", json!({}));
    assert_eq!(problem(refused.await, 409).await.code, "no_passkeys");
    assert!(list(&app.client).await.is_empty());
}
