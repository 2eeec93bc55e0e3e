//! A token that is narrower than its admin administers nothing.

use super::{id_of, path, seen};
use crate::support::problem;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{DELETE, PATCH, POST, TestApp};

#[tokio::test]
async fn an_admins_token_for_reading_or_writing_administers_nothing() {
    let app = TestApp::start().await;
    let id = id_of(&app.person("ada").await).await;
    let before = seen(&app, id).await;
    let (users, one) = ("/api/admin/users".to_owned(), path(id));
    let new = json!({ "handle": "eve", "email": "eve@vault.test" });
    for scope in ["read", "write"] {
        let program = app.client.with_token(app.client.api_token(scope).await);
        for (method, path, body) in [
            (Method::GET, users.clone(), Value::Null),
            (POST, users.clone(), new.clone()),
            (Method::GET, one.clone(), Value::Null),
            (PATCH, one.clone(), json!({ "role": "admin" })),
            (PATCH, one.clone(), json!({})),
            (DELETE, one.clone(), Value::Null),
            (POST, format!("{one}/password-link"), Value::Null),
            (DELETE, format!("{one}/second-factor"), Value::Null),
            (DELETE, format!("{one}/sessions"), Value::Null),
            (POST, "/api/admin/invitations".to_owned(), json!({})),
        ] {
            let answer = program.send(method, &path, body).await;
            problem(answer, 403).await;
        }
    }
    assert_eq!(seen(&app, id).await, before);
    assert_eq!(app.database.number("SELECT count(*) FROM users").await, 2);
    let program = app.client.with_token(app.client.api_token("admin").await);
    assert_eq!(program.get(&users).await.status(), 200);
}
