//! The vault's first account, and those who come after.

use super::log_in;
use crate::support::problem;
use domain::Caller;
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use testkit::{Client, PASSWORD, POST, Setup, TestApp};

fn account(handle: &str) -> Value {
    json!({ "handle": handle, "email": format!("{handle}@vault.test"), "password": PASSWORD })
}

fn with(mut account: Value, field: &str, value: &str) -> Value {
    account[field] = value.into();
    account
}

async fn set_up_token(app: &TestApp) -> String {
    let link = app
        .services()
        .accounts()
        .set_up_link(&Caller::system("a test"))
        .await
        .unwrap()
        .unwrap();
    let link = link.expose_secret();
    assert!(
        link.starts_with(&format!("{}/setup?token=", app.client.base)),
        "{link}"
    );
    link.split_once("token=").unwrap().1.to_owned()
}

async fn set_up(client: &Client, token: &str, handle: &str) -> reqwest::Response {
    let body = with(account(handle), "token", token);
    client.send(POST, "/api/auth/setup", body).await
}

#[tokio::test]
async fn the_first_account_is_an_admins_and_needs_the_printed_link() {
    let app = Setup::default().without_accounts().start().await;
    let options: Value = app
        .client
        .get("/api/auth/options")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        options,
        json!({ "wants_set_up": true, "registration": "invite", "mail": false, "passkeys": options["passkeys"] })
    );

    problem(set_up(&app.client, "dvs_guess", "ada").await, 403).await;
    let (first, second) = (set_up_token(&app).await, set_up_token(&app).await);
    let made = set_up(&app.client, &first, "ada").await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let token: Value = made.json().await.unwrap();
    let ada = app
        .client
        .with_token(token["access_token"].as_str().unwrap());
    let account: wire::Account = ada.get("/api/account").await.json().await.unwrap();
    assert_eq!(
        (account.handle.as_str(), account.role.as_str()),
        ("ada", "admin")
    );

    // Neither this link nor another that was printed before works again.
    for token in [first, second] {
        problem(set_up(&app.client, &token, "eve").await, 403).await;
    }
    let again = app.services();
    let link = again
        .accounts()
        .set_up_link(&Caller::system("a test"))
        .await;
    assert!(link.unwrap().is_none());
}

#[tokio::test]
async fn of_two_who_use_the_link_at_once_one_becomes_the_admin() {
    let app = Setup::default().without_accounts().start().await;
    let (one, two) = (set_up_token(&app).await, set_up_token(&app).await);
    let (one, two) = tokio::join!(
        set_up(&app.client, &one, "ada"),
        set_up(&app.client, &two, "eve"),
    );
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
    assert_eq!(app.database.number("SELECT count(*) FROM users").await, 1);
}

#[tokio::test]
async fn nobody_registers_in_a_vault_that_waits_for_its_admin() {
    let app = Setup::default()
        .with("REGISTRATION", "open")
        .without_accounts()
        .start()
        .await;
    let tried = app
        .client
        .send(POST, "/api/auth/register", account("eve"))
        .await;
    problem(tried, 403).await;
    assert_eq!(app.database.number("SELECT count(*) FROM users").await, 0);
}

#[tokio::test]
async fn an_invitation_lets_in_one_person_in_the_role_it_names() {
    let app = TestApp::start().await;
    let anybody = app.client.anonymous();
    problem(
        anybody
            .send(POST, "/api/auth/register", account("eve"))
            .await,
        403,
    )
    .await;

    let request = json!({ "role": "admin" });
    let made = app
        .client
        .send(POST, "/api/admin/invitations", request)
        .await;
    let invitation: wire::Invitation = made.json().await.unwrap();
    let token = invitation.link.split_once("/register?token=").unwrap().1;
    let body = with(account("ada"), "invitation", token);
    let answer = anybody.send(POST, "/api/auth/register", body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let admins = "SELECT count(*) FROM users WHERE handle = 'ada' AND role = 'admin'";
    assert_eq!(app.database.number(admins).await, 1);

    let body = with(account("eve"), "invitation", token);
    problem(anybody.send(POST, "/api/auth/register", body).await, 403).await;
}

#[tokio::test]
async fn an_invitation_survives_a_try_that_was_refused() {
    let app = TestApp::start().await;
    let anybody = app.client.anonymous();
    let made = app
        .client
        .send(POST, "/api/admin/invitations", json!({}))
        .await;
    let invitation: wire::Invitation = made.json().await.unwrap();
    let token = invitation.link.split_once("token=").unwrap().1;
    let weak = with(
        with(account("ada"), "invitation", token),
        "password",
        "short",
    );
    let refused = problem(anybody.send(POST, "/api/auth/register", weak).await, 422).await;
    assert_eq!(refused.errors[0].loc.last().unwrap(), "password");
    let taken = with(account("admin"), "invitation", token);
    problem(anybody.send(POST, "/api/auth/register", taken).await, 409).await;
    let good = with(account("ada"), "invitation", token);
    let answer = anybody.send(POST, "/api/auth/register", good).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn an_open_vault_takes_in_anybody_and_a_closed_one_nobody() {
    let open = Setup::default().with("REGISTRATION", "open").start().await;
    let anybody = open.client.anonymous();
    let answer = anybody
        .send(POST, "/api/auth/register", account("ada"))
        .await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(
        log_in(&anybody, "ADA@vault.test", PASSWORD).await.status(),
        StatusCode::OK
    );

    let closed = Setup::default()
        .with("REGISTRATION", "closed")
        .start()
        .await;
    let made = closed
        .client
        .send(POST, "/api/admin/invitations", json!({}))
        .await;
    let invitation: wire::Invitation = made.json().await.unwrap();
    let token = invitation.link.split_once("token=").unwrap().1;
    let body = with(account("ada"), "invitation", token);
    let answer = closed
        .client
        .anonymous()
        .send(POST, "/api/auth/register", body)
        .await;
    problem(answer, 403).await;
}

#[tokio::test]
async fn values_that_are_not_acceptable_are_named() {
    let app = Setup::default().with("REGISTRATION", "open").start().await;
    let anybody = app.client.anonymous();
    for (field, value) in [
        ("handle", "no spaces"),
        ("email", "nobody"),
        ("password", "password1234"),
        ("password", "ada@vault.test"),
    ] {
        let body = with(account("ada"), field, value);
        let refused = problem(anybody.send(POST, "/api/auth/register", body).await, 422).await;
        assert_eq!(refused.errors[0].loc.last().unwrap(), field, "{value}");
        assert!(!refused.detail.contains(value), "{}", refused.detail);
    }
}
