//! Invitations by mail, and forms that come back as they were typed.

use super::{token, vault};
use crate::support::problem;
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};
use testkit::{Client, PASSWORD, POST, Setup, TestApp};

async fn invite(admin: &Client, email: &str) -> Response {
    let given = json!({ "email": email });
    admin.send(POST, "/api/admin/invitations", given).await
}

async fn register(client: &Client, token: &str, email: &str) -> Response {
    let given: Value =
        json!({ "invitation": token, "handle": "ada", "email": email, "password": PASSWORD });
    client
        .anonymous()
        .send(POST, "/api/auth/register", given)
        .await
}

#[tokio::test]
async fn an_invitation_goes_to_its_address_and_holds_for_it_alone() {
    let (app, sink) = vault().await;
    let made = invite(&app.client, "Ada+vault@vault.test").await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made: wire::Invitation = made.json().await.unwrap();
    assert!(made.mailed);
    let mail = sink.wait_for("ada+vault@vault.test").await;
    assert!(mail.text.contains(&made.link), "{}", mail.text);
    let link = token(&app, &mail, "register");

    let page = made.link.strip_prefix(&app.client.base).unwrap();
    let page = app.client.anonymous().get(page).await.text().await.unwrap();
    assert!(page.contains("value=\"ada+vault@vault.test\""), "{page}");

    let other = problem(register(&app.client, &link, "eve@vault.test").await, 422).await;
    assert_eq!(other.errors[0].loc, ["body", "email"]);
    assert!(!other.detail.contains("ada"), "{}", other.detail);
    let right = register(&app.client, &link, "ADA+vault@vault.test").await;
    assert_eq!(right.status(), StatusCode::CREATED);
    problem(
        register(&app.client, &link, "ada+vault@vault.test").await,
        403,
    )
    .await;
}

#[tokio::test]
async fn without_mail_the_admin_passes_the_link_on() {
    let app = TestApp::start().await;
    let made = invite(&app.client, "ada@vault.test").await;
    let made: wire::Invitation = made.json().await.unwrap();
    assert!(!made.mailed);
    let (_, rest) = made.link.split_once("token=").unwrap();
    let link = rest.split('&').next().unwrap();
    problem(register(&app.client, link, "eve@vault.test").await, 422).await;
    let right = register(&app.client, link, "ada@vault.test").await;
    assert_eq!(right.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn who_has_an_account_is_not_invited() {
    let (app, sink) = vault().await;
    let refused = problem(invite(&app.client, "admin@vault.test").await, 409).await;
    assert_eq!(refused.code, "email_taken");
    app.stop().await;
    assert_eq!(sink.mails(), []);
}

/// Without JavaScript a refused form is shown anew; what was typed is not lost, save the password.
#[tokio::test]
async fn a_refused_form_comes_back_as_it_was_typed() {
    let app = Setup::default().with("REGISTRATION", "open").start().await;
    let refused = app
        .client
        .anonymous()
        .request(POST, "/_fn/accounts/register")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("referer", format!("{}/register", app.client.base))
        .body("handle=ada&email=j%C3%BCrgen%40vault.test&password=password1234")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::FOUND);
    let location = refused.headers()["location"].to_str().unwrap();
    assert!(!location.contains("password1234") && !location.contains("rgen"));
    let cookie = refused.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(!cookie.contains("password1234"), "{cookie}");
    let page = app
        .client
        .anonymous()
        .request(reqwest::Method::GET, "/register")
        .header("accept", "text/html")
        .header("cookie", cookie.split(';').next().unwrap())
        .send()
        .await
        .unwrap();
    let forgets = page.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(forgets.contains("Max-Age=0"), "{forgets}");
    let page = page.text().await.unwrap();
    for part in ["value=\"ada\"", "value=\"jürgen@vault.test\""] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("password1234"));
}
