//! One's own account: password, end.

use super::{is_good, log_in, signed_in};
use crate::support::problem;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{DELETE, PASSWORD, POST, TestApp};

const NEW: &str = "quite another password, as long";

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let (here, _) = signed_in(&app, "admin").await;
    let (there, _) = signed_in(&app, "admin").await;
    let me = app.client.with_token(&here);
    let change =
        |current: &str, new: &str| json!({ "current_password": current, "new_password": new });

    let wrong = me
        .send(POST, "/api/account/password", change("wrong", NEW))
        .await;
    assert_eq!(
        problem(wrong, 422).await.errors[0].loc,
        ["body", "current_password"]
    );
    let weak = me
        .send(
            POST,
            "/api/account/password",
            change(PASSWORD, "aaaaaaaaaaaa"),
        )
        .await;
    assert_eq!(
        problem(weak, 422).await.errors[0].loc,
        ["body", "new_password"]
    );
    assert!(is_good(&app, &there).await);

    let done = me
        .send(POST, "/api/account/password", change(PASSWORD, NEW))
        .await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert!(is_good(&app, &here).await);
    assert!(!is_good(&app, &there).await);
    problem(log_in(&app.client, "admin", PASSWORD).await, 401).await;
    assert_eq!(
        log_in(&app.client, "admin", NEW).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_deleted_account_takes_everything_with_it_bytes_too() {
    let mut app = TestApp::start().await;
    let ada = app.person("ada").await;
    ada.upload("a.txt", "A letter to Ada.").await;
    ada.create_topic("Letters", "").await;
    let kept = app
        .client
        .upload("b.txt", "A letter to somebody else.")
        .await;
    let token = ada.api_token("admin").await;

    let wrong = ada
        .send(DELETE, "/api/account", json!({ "password": "wrong" }))
        .await;
    problem(wrong, 422).await;
    let done = ada
        .send(DELETE, "/api/account", json!({ "password": PASSWORD }))
        .await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert!(!is_good(&app, &token).await);
    assert!(!is_good(&app, ada.token.as_ref().unwrap()).await);
    problem(log_in(&app.client, "ada", PASSWORD).await, 401).await;
    assert_eq!(
        app.database.number("SELECT count(*) FROM documents").await,
        1
    );
    assert_eq!(app.database.number("SELECT count(*) FROM topics").await, 0);

    // The worker sweeps what is noted.
    app.start_worker();
    app.client.finished(kept.id).await;
    testkit::until("the bytes to be gone", testkit::PATIENCE, async || {
        let left = app
            .database
            .number("SELECT count(*) FROM object_deletions")
            .await;
        Ok((left == 0).then_some(()))
    })
    .await
    .unwrap();
    let keys = app.bucket.keys().await;
    assert!(
        keys.iter().all(|key| key.contains(&kept.id.to_string())),
        "{keys:?}"
    );
}

#[tokio::test]
async fn the_last_admin_stays() {
    let app = TestApp::start().await;
    app.person("ada").await;
    let own = json!({ "password": PASSWORD });
    let refused = app.client.send(DELETE, "/api/account", own.clone()).await;
    assert_eq!(problem(refused, 409).await.code, "last_admin");
    let other = app.invited("grace", "admin").await;
    let (one, two) = tokio::join!(
        app.client.send(DELETE, "/api/account", own.clone()),
        other.send(DELETE, "/api/account", own.clone()),
    );
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [204, 409],
        "both left, each counting on the other"
    );
}
