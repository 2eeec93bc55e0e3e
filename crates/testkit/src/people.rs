//! People with accounts in a test's vault.

use crate::{Client, POST, TestApp};
use domain::Caller;
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// The password of everybody that tests make.
pub const PASSWORD: &str = "a vault for the tests alone";

/// Makes the vault's first account, an admin's, with the link that the server would print.
pub(crate) async fn first_admin(app: &TestApp) -> Client {
    let link = app
        .services()
        .accounts()
        .set_up_link(&Caller::system("test"))
        .await
        .unwrap()
        .unwrap();
    set_up(&app.client, link.expose_secret()).await
}

/// The first account, the admin's, made with the link that the server printed; its client, signed in.
///
/// # Panics
/// When the vault does not make it.
pub async fn set_up(vault: &Client, link: &str) -> Client {
    let mut account = account("admin");
    account["token"] = token_in(link).into();
    signed_in(vault, "/api/auth/setup", account).await
}

/// Somebody with an account of their own, whom an admin invites; the newcomer's client, signed in.
///
/// # Panics
/// When the vault does not take them in.
pub async fn join(admin: &Client, newcomer: &Client, handle: &str, role: &str) -> Client {
    let request = json!({ "role": role });
    let response = admin.send(POST, "/api/admin/invitations", request).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let invitation: wire::Invitation = response.json().await.unwrap();
    let mut account = account(handle);
    account["invitation"] = token_in(&invitation.link).into();
    signed_in(newcomer, "/api/auth/register", account).await
}

fn token_in(link: &str) -> &str {
    link.trim().split_once("token=").unwrap().1
}

fn account(handle: &str) -> Value {
    json!({ "handle": handle, "email": format!("{handle}@vault.test"), "password": PASSWORD })
}

async fn signed_in(client: &Client, path: &str, body: Value) -> Client {
    let response = client.anonymous().send(POST, path, body).await;
    let status = response.status();
    let answer: Value = response.json().await.unwrap();
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    client.with_token(answer["access_token"].as_str().unwrap())
}

impl TestApp {
    /// Somebody with an account of their own, invited by the vault's admin.
    ///
    /// # Panics
    /// When the vault does not take them in.
    pub async fn person(&self, handle: &str) -> Client {
        self.invited(handle, "user").await
    }

    /// The same, as another admin.
    ///
    /// # Panics
    /// When the vault does not take them in.
    pub async fn invited(&self, handle: &str, role: &str) -> Client {
        join(&self.client, &self.client.anonymous(), handle, role).await
    }
}

impl Client {
    /// A personal token of that scope.
    ///
    /// # Panics
    /// When the vault does not make one.
    pub async fn api_token(&self, scope: &str) -> String {
        let request = json!({ "name": format!("a {scope} token"), "scope": scope });
        let response = self.send(POST, "/api/account/tokens", request).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let created: wire::CreatedApiToken = response.json().await.unwrap();
        created.token
    }
}
