//! `/api/admin/users`: everybody's accounts; and the budget for what is sent to providers.

mod acts;
mod assigned;
mod budget;
mod create;
mod disable;
mod dismissed;
mod last_admin;
mod list;
mod local_only;
mod pages;
pub mod provider;
mod scope;
mod scrub;
mod update;

use reqwest::{Response, StatusCode};
use serde_json::Value;
use testkit::{Client, PATCH, TestApp};
use uuid::Uuid;
use wire::ManagedUser;

/// The id of whoever that is.
async fn id_of(client: &Client) -> Uuid {
    let account: wire::Account = client.get("/api/account").await.json().await.unwrap();
    account.id
}

fn path(id: Uuid) -> String {
    format!("/api/admin/users/{id}")
}

/// What an admin changes.
async fn patch(admin: &Client, id: Uuid, body: Value) -> Response {
    admin.send(PATCH, &path(id), body).await
}

/// The same, where it works.
async fn patched(app: &TestApp, id: Uuid, body: Value) -> ManagedUser {
    let answer = patch(&app.client, id, body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

/// An account as the vault's first admin sees it.
async fn seen(app: &TestApp, id: Uuid) -> ManagedUser {
    app.client.get(&path(id)).await.json().await.unwrap()
}
