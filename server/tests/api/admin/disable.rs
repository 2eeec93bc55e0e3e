//! A disabled account can do nothing, from one moment to the next.

use super::{id_of, patched};
use crate::{
    accounts::{is_good, log_in, signed_in},
    support::problem,
};
use serde_json::json;
use testkit::{PASSWORD, POST, TestApp};

#[tokio::test]
async fn everything_that_let_it_in_stops_at_once() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = id_of(&ada).await;
    let token = ada.api_token("read").await;
    let (access, refresh) = signed_in(&app, "ada").await;
    assert!(is_good(&app, &access).await && is_good(&app, &token).await);
    let disabled = patched(&app, id, json!({ "is_active": false })).await;
    assert!(!disabled.is_active);
    assert!(!is_good(&app, &access).await, "a session goes on");
    assert!(!is_good(&app, ada.token.as_ref().unwrap()).await);
    assert!(!is_good(&app, &token).await, "a token goes on");
    let given = json!({ "refresh_token": refresh });
    let renewed = ada.anonymous().send(POST, "/api/auth/refresh", given).await;
    problem(renewed, 401).await;
    let refused = problem(log_in(&app.client, "ada", PASSWORD).await, 401).await;
    let wrong = problem(log_in(&app.client, "ada", "a wrong password").await, 401).await;
    assert_eq!(refused, wrong);
}

#[tokio::test]
async fn once_enabled_it_signs_in_anew() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = id_of(&ada).await;
    let token = ada.api_token("read").await;
    patched(&app, id, json!({ "is_active": false })).await;
    patched(&app, id, json!({ "is_active": true })).await;
    assert!(!is_good(&app, ada.token.as_ref().unwrap()).await);
    assert!(is_good(&app, &token).await);
    signed_in(&app, "ada").await;
}
