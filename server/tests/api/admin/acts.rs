//! What admins do to accounts besides changing them: sign out, reset, delete.

use super::{id_of, path, seen};
use crate::{
    accounts::{is_good, log_in, signed_in},
    support::problem,
};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use testkit::{Client, DELETE, PASSWORD, TestApp};
use uuid::Uuid;

async fn delete(admin: &Client, path: &str) -> Response {
    admin.request(DELETE, path).send().await.unwrap()
}

async fn notes(app: &TestApp) -> Vec<String> {
    app.database
        .texts(
            "SELECT event_type || ': ' || (metadata->>'note') FROM audit_log
              WHERE actor_id <> user_id AND chain = user_id AND resource_id = user_id ORDER BY id",
        )
        .await
}

#[tokio::test]
async fn signing_out_ends_sessions_and_leaves_programs_alone() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = id_of(&ada).await;
    let token = ada.api_token("read").await;
    let (access, _) = signed_in(&app, "ada").await;
    let answer = delete(&app.client, &format!("{}/sessions", path(id))).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(!is_good(&app, &access).await);
    assert!(!is_good(&app, ada.token.as_ref().unwrap()).await);
    assert!(is_good(&app, &token).await);
    assert!(is_good(&app, app.client.token.as_ref().unwrap()).await);
    assert_eq!(
        notes(&app).await,
        ["session.revoked: everywhere, by an admin"]
    );
}

#[tokio::test]
async fn who_lost_the_second_factor_gets_in_with_the_password_again() {
    let app = TestApp::start().await;
    let id = id_of(&app.person("ada").await).await;
    app.database
        .execute("UPDATE users SET totp_secret = '\\x00', totp_enabled = true WHERE handle = 'ada'")
        .await;
    app.database
        .execute(
            "INSERT INTO passkeys (id, user_id, credential_id, name, passkey)
             SELECT gen_random_uuid(), id, '\\x01', 'phone', '{}' FROM users WHERE handle = 'ada'",
        )
        .await;
    let before = seen(&app, id).await;
    assert_eq!((before.totp, before.passkeys), (true, 1));
    let step: Value = log_in(&app.client, "ada", PASSWORD)
        .await
        .json()
        .await
        .unwrap();
    assert!(step.get("access_token").is_none(), "{step}");
    let answer = delete(&app.client, &format!("{}/second-factor", path(id))).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let after = seen(&app, id).await;
    assert_eq!((after.totp, after.passkeys), (false, 0));
    signed_in(&app, "ada").await;
    assert_eq!(notes(&app).await, ["second_factor.disabled: by an admin"]);
}

#[tokio::test]
async fn a_deleted_account_is_gone_with_everything_in_it() {
    let mut app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = id_of(&ada).await;
    app.client.upload("mine.txt", "The admin's own.").await;
    ada.upload("hers.txt", "Hers.").await;
    assert_eq!(app.bucket.keys().await.len(), 2);
    let answer = delete(&app.client, &path(id)).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(!is_good(&app, ada.token.as_ref().unwrap()).await);
    problem(app.client.get(&path(id)).await, 404).await;
    problem(delete(&app.client, &path(id)).await, 404).await;
    let left = "SELECT count(*) FROM documents";
    assert_eq!(app.database.number(left).await, 1);
    app.start_worker();
    testkit::until("the end of the bytes", testkit::PATIENCE, async || {
        let keys = app.bucket.keys().await;
        let hers = keys.iter().any(|key| key.starts_with(&id.to_string()));
        Ok((!hers).then_some(()))
    })
    .await
    .unwrap();
    assert_eq!(notes(&app).await, ["account.deleted: by an admin"]);
}

/// An upload that is under way ends, and then the account is deleted with it: neither waits for what the
/// other holds.
#[tokio::test]
async fn an_account_is_deleted_in_the_middle_of_an_upload() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let path = path(id_of(&ada).await);
    let quotas = "SELECT FROM quotas FOR UPDATE";
    let held = app.database.hold(quotas).await;
    let upload = tokio::spawn(async move { ada.try_upload("a.txt", "A letter.").await });
    app.database.waiting(1).await;
    let admin = app.client.clone();
    let deletion = tokio::spawn(async move { delete(&admin, &path).await });
    app.database.waiting(2).await;
    drop(held);
    assert_eq!(upload.await.unwrap().status(), StatusCode::OK);
    assert_eq!(deletion.await.unwrap().status(), StatusCode::NO_CONTENT);
    let documents = "SELECT count(*) FROM documents";
    assert_eq!(app.database.number(documents).await, 0);
    let noted = "SELECT count(*) FROM object_deletions";
    assert_eq!(app.database.number(noted).await, 1);
}

#[tokio::test]
async fn what_is_not_there_can_not_be_acted_on() {
    let app = TestApp::start().await;
    let nobody = path(Uuid::new_v4());
    for path in [
        nobody.clone(),
        format!("{nobody}/sessions"),
        format!("{nobody}/second-factor"),
    ] {
        problem(delete(&app.client, &path).await, 404).await;
    }
    let link = format!("{nobody}/password-link");
    let answer = app.client.request(testkit::POST, &link).send().await;
    problem(answer.unwrap(), 404).await;
}
