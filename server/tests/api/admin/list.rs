//! `GET /api/admin/users`, and one of them

use super::{id_of, path, seen};
use crate::support::problem;
use testkit::{PATCH, TestApp};
use uuid::Uuid;
use wire::UserList;

async fn list(app: &TestApp, query: &str) -> UserList {
    let path = format!("/api/admin/users{query}");
    app.client.get(&path).await.json().await.unwrap()
}

fn handles(list: &UserList) -> Vec<&str> {
    list.users.iter().map(|user| user.handle.as_str()).collect()
}

#[tokio::test]
async fn everybody_is_there_by_handle() {
    let app = TestApp::start().await;
    for handle in ["eve", "ada"] {
        app.person(handle).await;
    }
    let all = list(&app, "").await;
    assert_eq!(handles(&all), ["ada", "admin", "eve"]);
    assert_eq!((all.total, all.page, all.per_page), (3, 1, 20));
}

#[tokio::test]
async fn an_account_says_what_admins_need_to_know() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    ada.upload("a.txt", "12345").await;
    let user = seen(&app, id_of(&ada).await).await;
    assert_eq!(
        (
            user.handle.as_str(),
            user.email.as_str(),
            user.role.as_str()
        ),
        ("ada", "ada@vault.test", "user")
    );
    assert!(user.is_active && user.has_password && !user.totp && !user.ai_local_only);
    assert_eq!(
        (user.used_bytes, user.passkeys, user.ai_used_tokens),
        (5, 0, 0)
    );
    assert_eq!((user.ai_provider, user.ai_monthly_tokens), (None, None));
    assert!(user.last_seen_at.unwrap() >= user.created_at);
    let whole = list(&app, "?search=ada").await;
    assert_eq!(whole.users[0].used_bytes, 5);
}

#[tokio::test]
async fn a_token_that_was_used_means_that_somebody_was_here() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let (id, token) = (id_of(&ada).await, ada.api_token("read").await);
    app.database
        .execute("UPDATE sessions SET last_used_at = now() - interval '10 days'")
        .await;
    let long_ago = seen(&app, id).await.last_seen_at.unwrap();
    ada.with_token(token).get("/api/documents").await;
    testkit::until("the note of its use", testkit::PATIENCE, async || {
        let seen = seen(&app, id).await.last_seen_at.unwrap();
        Ok((seen > long_ago).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_part_of_a_handle_or_address_is_enough_and_stands_for_itself() {
    let app = TestApp::start().await;
    for handle in ["ada_l", "adaxl", "eve"] {
        app.person(handle).await;
    }
    for (search, found) in [
        ("da", vec!["ada_l", "adaxl"]),
        ("ADA", vec!["ada_l", "adaxl"]),
        ("a_l", vec!["ada_l"]),
        ("eve@Vault", vec!["eve"]),
        ("vault.test", vec!["ada_l", "adaxl", "admin", "eve"]),
        ("%25", vec![]),
        ("%5C", vec![]),
        ("%27%20OR%201=1", vec![]),
        ("%20%20", vec!["ada_l", "adaxl", "admin", "eve"]),
    ] {
        let list = list(&app, &format!("?search={search}")).await;
        assert_eq!(handles(&list), found, "{search}");
        assert_eq!(list.total, found.len() as i64, "{search}");
    }
}

#[tokio::test]
async fn pages_follow_each_other() {
    let app = TestApp::start().await;
    for handle in ["bea", "cem", "dan"] {
        app.person(handle).await;
    }
    let first = list(&app, "?per_page=3").await;
    assert_eq!(handles(&first), ["admin", "bea", "cem"]);
    let second = list(&app, "?per_page=3&page=2").await;
    assert_eq!((handles(&second), second.total), (vec!["dan"], 4));
    let beyond = list(&app, "?per_page=3&page=3").await;
    assert_eq!((beyond.users.len(), beyond.total), (0, 4));
    for query in ["?page=0", "?per_page=101", "?page=x", "?search=%00"] {
        let answer = app.client.get(&format!("/api/admin/users{query}")).await;
        problem(answer, 422).await;
    }
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let app = TestApp::start().await;
    for id in [Uuid::new_v4().to_string(), "ada".to_owned()] {
        problem(app.client.get(&format!("/api/admin/users/{id}")).await, 404).await;
    }
    let nobody = path(Uuid::new_v4());
    let body = serde_json::json!({ "role": "admin" });
    let answer = app.client.send(PATCH, &nobody, body).await;
    assert_eq!(problem(answer, 404).await.code, "user_not_found");
}
