//! Passkeys, with an authenticator in software.

mod own;
mod refused;
mod rubbish;
mod second_factor;
mod sign_in;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use testkit::{Authenticator, Client, PASSWORD, POST, Setup, SoftKey, TestApp};

/// A vault that people reach by a name, as passkeys need it.
async fn vault() -> TestApp {
    Setup::default().at_a_name().start().await
}

/// An honest browser on one of the vault's pages.
fn authenticator(app: &TestApp) -> Authenticator {
    Authenticator::at(&app.client.base)
}

/// What is asked for a new passkey.
async fn begin(client: &Client) -> Value {
    let given = json!({ "password": PASSWORD });
    let asked = client
        .send(POST, "/api/account/passkeys/options", given)
        .await;
    assert_eq!(asked.status(), StatusCode::OK);
    asked.json().await.unwrap()
}

/// Answers it.
async fn create(client: &Client, asked: &Value, credential: Value) -> Response {
    let new = json!({
        "ceremony": asked["ceremony"],
        "name": "Phone",
        "credential": credential,
    });
    client.send(POST, "/api/account/passkeys", new).await
}

/// Adds a passkey.
async fn add(app: &TestApp, client: &Client) -> (SoftKey, wire::CreatedPasskey) {
    let asked = begin(client).await;
    let (key, credential) = authenticator(app).create(&asked["options"]);
    let created = create(client, &asked, credential).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    (key, created.json().await.unwrap())
}

/// What is asked of somebody who signs in.
async fn ask(app: &TestApp) -> Value {
    let asked = app
        .client
        .anonymous()
        .send(POST, "/api/auth/passkey/options", json!({}))
        .await;
    assert_eq!(asked.status(), StatusCode::OK);
    asked.json().await.unwrap()
}

/// Answers it.
async fn answer(app: &TestApp, asked: &Value, credential: Value) -> Response {
    let given = json!({ "ceremony": asked["ceremony"], "credential": credential });
    let nobody = app.client.anonymous();
    nobody.send(POST, "/api/auth/passkey", given).await
}

/// Signs in with a passkey and nothing else.
async fn sign_in(app: &TestApp, key: &mut SoftKey) -> Response {
    let asked = ask(app).await;
    let credential = authenticator(app).get(key, &asked["options"]);
    answer(app, &asked, credential).await
}
