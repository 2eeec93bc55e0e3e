//! Personal tokens.

use super::is_good;
use crate::support::problem;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Client, DELETE, POST, TestApp};

#[tokio::test]
async fn a_token_is_shown_once_and_recognised_by_its_beginning() {
    let app = TestApp::start().await;
    let new = json!({ "name": "Backup", "scope": "read", "expires_in_days": 30 });
    let made = app
        .client
        .send(POST, "/api/account/tokens", new.clone())
        .await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made: wire::CreatedApiToken = made.json().await.unwrap();
    assert!(made.token.starts_with("dva_") && made.token.starts_with(&made.described.hint));
    assert!(is_good(&app, &made.token).await);

    let list = app
        .client
        .get("/api/account/tokens")
        .await
        .text()
        .await
        .unwrap();
    assert!(!list.contains(&made.token));
    let list: wire::ApiTokenList = serde_json::from_str(&list).unwrap();
    assert_eq!(list.tokens.len(), 1);
    assert_eq!(list.tokens[0].name, "Backup");
    let same_name = app.client.send(POST, "/api/account/tokens", new).await;
    assert_eq!(problem(same_name, 409).await.code, "token_name_taken");
}

#[tokio::test]
async fn a_token_makes_none_that_outlives_it() {
    let app = TestApp::start().await;
    let make = async |client: &Client, name: &str, days: Option<i64>| {
        let mut new = json!({ "name": name, "scope": "admin" });
        if let Some(days) = days {
            new["expires_in_days"] = days.into();
        }
        client.send(POST, "/api/account/tokens", new).await
    };
    let made = make(&app.client, "for ten days", Some(10)).await;
    let made: wire::CreatedApiToken = made.json().await.unwrap();
    let program = app.client.with_token(made.token);
    for days in [None, Some(11)] {
        let refused = problem(make(&program, "longer", days).await, 422).await;
        assert_eq!(refused.errors[0].loc, ["body", "expires_in_days"]);
    }
    let shorter = make(&program, "shorter", Some(9)).await;
    assert_eq!(shorter.status(), StatusCode::CREATED);

    let endless = make(&app.client, "without end", None).await;
    let endless: wire::CreatedApiToken = endless.json().await.unwrap();
    let another = make(&app.client.with_token(endless.token), "another", None).await;
    assert_eq!(another.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn a_token_is_good_until_it_ends_or_is_removed() {
    let app = TestApp::start().await;
    let token = app.client.api_token("read").await;
    assert!(is_good(&app, &token).await);
    app.database
        .execute("UPDATE api_tokens SET expires_at = now()")
        .await;
    assert!(!is_good(&app, &token).await);

    let token = app.client.api_token("write").await;
    assert!(is_good(&app, &token).await);
    let list = app.client.get("/api/account/tokens").await;
    let list: wire::ApiTokenList = list.json().await.unwrap();
    let path = format!("/api/account/tokens/{}", list.tokens[0].id);
    let gone = app.client.request(DELETE, &path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert!(!is_good(&app, &token).await);
}

#[tokio::test]
async fn its_use_is_shown() {
    let app = TestApp::start().await;
    let token = app.client.api_token("read").await;
    assert!(is_good(&app, &token).await);
    testkit::until("the note of its use", testkit::PATIENCE, async || {
        let used = "SELECT count(*) FROM api_tokens WHERE last_used_at IS NOT NULL";
        Ok((app.database.number(used).await == 1).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let app = TestApp::start().await;
    for (body, field) in [
        (json!({ "name": "", "scope": "read" }), "name"),
        (json!({ "name": "a\nb", "scope": "read" }), "name"),
        (json!({ "name": "a", "scope": "everything" }), "scope"),
        (
            json!({ "name": "a", "scope": "read", "expires_in_days": 0 }),
            "expires_in_days",
        ),
        (
            json!({ "name": "a", "scope": "read", "expires_in_days": i64::MAX }),
            "expires_in_days",
        ),
    ] {
        let refused = app.client.send(POST, "/api/account/tokens", body).await;
        let refused = problem(refused, 422).await;
        assert_eq!(refused.errors[0].loc.last().unwrap(), field);
    }
}

#[tokio::test]
async fn there_is_a_most_that_one_may_have() {
    let app = TestApp::start().await;
    app.database
        .execute(
            "INSERT INTO api_tokens (id, user_id, name, token_hash, hint, scope)
             SELECT gen_random_uuid(), users.id, n::text, sha256(n::text::bytea), 'x', 'read'
               FROM users, generate_series(1, 50) n",
        )
        .await;
    let new = json!({ "name": "One more", "scope": "read" });
    let refused = app.client.send(POST, "/api/account/tokens", new).await;
    assert_eq!(problem(refused, 409).await.code, "too_many_tokens");
}
