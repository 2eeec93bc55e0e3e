//! The vault always keeps an admin who can sign in.

use super::{id_of, patch, patched, path};
use crate::support::problem;
use reqwest::Response;
use serde_json::{Value, json};
use testkit::{Client, DELETE, PASSWORD, POST, TestApp};
use uuid::Uuid;

const ADMINS: &str = "SELECT count(*) FROM users WHERE role = 'admin' AND is_active";

/// The three ways to lose an admin; `null` deletes.
fn ways() -> [Value; 3] {
    [
        json!({ "role": "user" }),
        json!({ "is_active": false }),
        Value::Null,
    ]
}

async fn lose(by: &Client, id: Uuid, way: Value) -> Response {
    match way {
        Value::Null => by.request(DELETE, &path(id)).send().await.unwrap(),
        way => patch(by, id, way).await,
    }
}

#[tokio::test]
async fn the_only_one_can_not_be_lost() {
    let app = TestApp::start().await;
    let me = id_of(&app.client).await;
    for way in ways() {
        let refused = problem(lose(&app.client, me, way).await, 409).await;
        assert_eq!(refused.code, "last_admin");
    }
    // Everything else can be changed.
    patched(&app, me, json!({ "limit_bytes": 5, "role": "admin" })).await;
}

#[tokio::test]
async fn with_another_one_may_go() {
    for way in ways() {
        let app = TestApp::start().await;
        let other = app.invited("other", "admin").await;
        let me = id_of(&app.client).await;
        assert!(lose(&app.client, me, way).await.status().is_success());
        assert_eq!(app.database.number(ADMINS).await, 1);
        let last = id_of(&other).await;
        problem(lose(&other, last, json!({ "role": "user" })).await, 409).await;
    }
}

#[tokio::test]
async fn who_is_disabled_or_has_no_password_yet_is_no_other() {
    let app = TestApp::start().await;
    let me = id_of(&app.client).await;
    let other = id_of(&app.invited("other", "admin").await).await;
    patched(&app, other, json!({ "is_active": false })).await;
    let new = json!({ "handle": "new", "email": "new@vault.test", "role": "admin" });
    app.client.send(POST, "/api/admin/users", new).await;
    for way in ways() {
        problem(lose(&app.client, me, way).await, 409).await;
    }
    let own = json!({ "password": PASSWORD });
    let refused = app.client.send(DELETE, "/api/account", own).await;
    assert_eq!(problem(refused, 409).await.code, "last_admin");
}

/// Two admins send each other away in the same moment: both requests have been let in and wait for the
/// rows. One goes, and the other stays.
#[tokio::test]
async fn two_can_not_send_each_other_away() {
    for (mine, theirs) in ways().into_iter().zip(ways().into_iter().rev()) {
        let app = TestApp::start().await;
        let other = app.invited("other", "admin").await;
        let (my_id, their_id) = (id_of(&app.client).await, id_of(&other).await);
        let held = app.database.hold("SELECT FROM users FOR UPDATE").await;
        let me = app.client.clone();
        let one = tokio::spawn(async move { lose(&me, their_id, mine).await });
        let two = tokio::spawn(async move { lose(&other, my_id, theirs).await });
        app.database.waiting(2).await;
        drop(held);
        let (one, two) = (one.await.unwrap(), two.await.unwrap());
        let done = [&one, &two]
            .iter()
            .filter(|answer| answer.status().is_success())
            .count();
        assert_eq!(done, 1, "{} and {}", one.status(), two.status());
        assert_eq!(app.database.number(ADMINS).await, 1);
    }
}

/// The same with leaving: each counts on the other to stay.
#[tokio::test]
async fn two_can_not_leave_counting_on_each_other() {
    let app = TestApp::start().await;
    let other = app.invited("other", "admin").await;
    let my_id = id_of(&app.client).await;
    let held = app.database.hold("SELECT FROM users FOR UPDATE").await;
    let me = app.client.clone();
    let one = tokio::spawn(async move { lose(&me, my_id, json!({ "role": "user" })).await });
    let own = json!({ "password": PASSWORD });
    let two = tokio::spawn(async move { other.send(DELETE, "/api/account", own).await });
    app.database.waiting(2).await;
    drop(held);
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    assert_ne!(one.status().is_success(), two.status().is_success());
    assert_eq!(app.database.number(ADMINS).await, 1);
}

/// Whoever stopped being an admin while their request waited changes nothing any more.
#[tokio::test]
async fn who_is_none_any_more_does_nothing_more() {
    let app = TestApp::start().await;
    let other = app.invited("other", "admin").await;
    let ada = id_of(&app.person("ada").await).await;
    let held = app
        .database
        .hold("UPDATE users SET role = 'user' WHERE handle = 'other'")
        .await;
    let late = tokio::spawn(async move { patch(&other, ada, json!({ "limit_bytes": 7 })).await });
    app.database.waiting(1).await;
    held.commit().await.unwrap();
    problem(late.await.unwrap(), 403).await;
    assert_ne!(super::seen(&app, ada).await.limit_bytes, 7);
}
