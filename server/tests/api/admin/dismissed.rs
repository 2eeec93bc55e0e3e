//! Somebody who is an admin no more leaves no way back in; and one who is can't get round the own password.

use super::{id_of, patch, path};
use crate::{accounts::is_good, support::problem};
use reqwest::{Response, StatusCode};
use serde_json::json;
use testkit::{Client, DELETE, POST, TestApp};
use uuid::Uuid;

async fn token_of(answer: Response) -> String {
    assert_eq!(answer.status(), StatusCode::CREATED);
    let answer: serde_json::Value = answer.json().await.unwrap();
    let link = answer["link"].as_str().unwrap();
    let (_, token) = link.split_once("token=").unwrap();
    token.split('&').next().unwrap().to_owned()
}

async fn invitation(admin: &Client) -> String {
    let request = json!({ "role": "admin" });
    token_of(admin.send(POST, "/api/admin/invitations", request).await).await
}

async fn password_link(admin: &Client, user: Uuid) -> Response {
    let path = format!("{}/password-link", path(user));
    admin.request(POST, &path).send().await.unwrap()
}

async fn reset_second_factor(admin: &Client, user: Uuid) -> Response {
    let path = format!("{}/second-factor", path(user));
    admin.request(DELETE, &path).send().await.unwrap()
}

async fn register(app: &TestApp, invitation: &str, handle: &str) -> Response {
    let account = json!({ "handle": handle, "email": format!("{handle}@vault.test"),
        "password": testkit::PASSWORD, "invitation": invitation });
    let client = app.client.anonymous();
    client.send(POST, "/api/auth/register", account).await
}

async fn choose(app: &TestApp, token: &str) -> Response {
    let given = json!({ "token": token, "new_password": "another vault for the tests" });
    let client = app.client.anonymous();
    client
        .send(POST, "/api/auth/password-reset/confirm", given)
        .await
}

#[tokio::test]
async fn links_of_a_dismissed_admin_no_longer_work() {
    for dismissal in [json!({ "role": "user" }), json!({ "is_active": false })] {
        let app = TestApp::start().await;
        let bob = app.invited("bob", "admin").await;
        let ada = id_of(&app.person("ada").await).await;
        let back_in = invitation(&bob).await;
        let into_adas = token_of(password_link(&bob, ada).await).await;
        let changed = patch(&app.client, id_of(&bob).await, dismissal).await;
        assert_eq!(changed.status(), StatusCode::OK);
        let refused = problem(register(&app, &back_in, "bob2").await, 403).await;
        assert_eq!(refused.code, "link_no_longer_works");
        let refused = problem(choose(&app, &into_adas).await, 403).await;
        assert_eq!(refused.code, "link_no_longer_works");
    }
}

#[tokio::test]
async fn links_of_an_admin_work() {
    let app = TestApp::start().await;
    let bob = app.invited("bob", "admin").await;
    let ada = id_of(&app.person("ada").await).await;
    let invited = register(&app, &invitation(&bob).await, "eve").await;
    assert_eq!(invited.status(), StatusCode::CREATED);
    let link = token_of(password_link(&bob, ada).await).await;
    assert_eq!(choose(&app, &link).await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn ones_own_way_of_signing_in_takes_ones_own_password() {
    let app = TestApp::start().await;
    let own = id_of(&app.client).await;
    let link = problem(password_link(&app.client, own).await, 409).await;
    assert_eq!(link.code, "own_account");
    let factor = reset_second_factor(&app.client, own).await;
    assert_eq!(problem(factor, 409).await.code, "own_account");
}

#[tokio::test]
async fn who_loses_the_second_factor_is_signed_out() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let answer = reset_second_factor(&app.client, id_of(&ada).await).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(!is_good(&app, ada.token.as_ref().unwrap()).await);
}
