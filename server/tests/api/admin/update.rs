//! `PATCH /api/admin/users/{id}`

use super::{id_of, patch, patched, seen};
use crate::support::problem;
use serde_json::json;
use testkit::TestApp;

#[tokio::test]
async fn what_is_left_out_stays_and_null_takes_away() {
    let app = TestApp::start().await;
    let id = id_of(&app.person("ada").await).await;
    let before = seen(&app, id).await;
    assert_eq!(patched(&app, id, json!({})).await, before);
    let all = json!({
        "role": "admin", "limit_bytes": 1_048_576, "ai_provider": "openai", "ai_model": "small",
        "ai_monthly_tokens": 500,
    });
    let changed = patched(&app, id, all).await;
    assert_eq!(changed, seen(&app, id).await);
    assert_eq!(
        (changed.role.as_str(), changed.limit_bytes),
        ("admin", 1_048_576)
    );
    assert_eq!(changed.ai_model.as_deref(), Some("small"));
    let kept = patched(&app, id, json!({ "role": "user" })).await;
    assert_eq!(kept.ai_provider.as_deref(), Some("openai"));
    assert_eq!(kept.ai_monthly_tokens, Some(500));
    let nulls = json!({ "ai_provider": null, "ai_monthly_tokens": null, "limit_bytes": before.limit_bytes });
    assert_eq!(patched(&app, id, nulls).await, before);
}

#[tokio::test]
async fn what_makes_no_sense_changes_nothing() {
    let app = TestApp::start().await;
    let id = id_of(&app.person("ada").await).await;
    let before = seen(&app, id).await;
    for body in [
        json!({ "role": "owner" }),
        json!({ "role": "admin", "limit_bytes": -1 }),
        json!({ "role": "admin", "ai_provider": "oracle" }),
        json!({ "ai_model": "small" }),
        json!({ "ai_monthly_tokens": -5 }),
        json!({ "is_active": null, "limit_bytes": "much" }),
        json!({ "isActive": false }),
    ] {
        problem(patch(&app.client, id, body).await, 422).await;
    }
    assert_eq!(seen(&app, id).await, before);
}

#[tokio::test]
async fn another_role_counts_at_once() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = id_of(&ada).await;
    let program = ada.with_token(ada.api_token("admin").await);
    assert_eq!(ada.get("/api/admin/users").await.status(), 403);
    patched(&app, id, json!({ "role": "admin" })).await;
    assert_eq!(ada.get("/api/admin/users").await.status(), 200);
    assert_eq!(program.get("/api/admin/users").await.status(), 200);
    patched(&app, id, json!({ "role": "user" })).await;
    assert_eq!(ada.get("/api/admin/users").await.status(), 403);
    assert_eq!(program.get("/api/admin/users").await.status(), 403);
    assert_eq!(ada.get("/api/documents").await.status(), 200);
}

#[tokio::test]
async fn less_room_than_is_taken_keeps_what_is_there_and_takes_nothing_more() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let document = ada.upload("a.txt", "x".repeat(1_000)).await;
    let user = patched(&app, id_of(&ada).await, json!({ "limit_bytes": 400 })).await;
    assert_eq!((user.used_bytes, user.limit_bytes), (1_000, 400));
    let refused = problem(ada.try_upload("b.txt", "y").await, 413).await;
    assert_eq!(refused.code, "quota_exceeded");
    ada.document(document.id).await;
    patched(&app, user.id, json!({ "limit_bytes": 1_001 })).await;
    ada.upload("b.txt", "y").await;
}

#[tokio::test]
async fn the_log_says_who_changed_what_of_whom() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = id_of(&ada).await;
    patched(
        &app,
        id,
        json!({ "role": "admin", "limit_bytes": 1_048_576 }),
    )
    .await;
    patched(&app, id, json!({ "ai_provider": "openai" })).await;
    patched(&app, id, json!({ "ai_provider": "openai" })).await;
    patched(
        &app,
        id,
        json!({ "is_active": false, "ai_monthly_tokens": 7 }),
    )
    .await;
    let told = app
        .database
        .texts(
            "SELECT event_type || ': ' || (metadata->>'note') FROM audit_log
              WHERE user_id = (SELECT id FROM users WHERE handle = 'ada') AND chain = user_id
                AND actor_id = (SELECT id FROM users WHERE handle = 'admin')
              ORDER BY id",
        )
        .await;
    assert_eq!(
        told,
        [
            "account.administered: role admin, quota 1048576",
            "account.administered: provider openai",
            "account.administered: disabled, tokens 7",
        ]
    );
}
