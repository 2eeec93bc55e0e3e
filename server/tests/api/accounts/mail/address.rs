//! Another address for one's account.

use super::{NEW, ask, choose, reset_token, token, vault};
use crate::{accounts::log_in, support::problem};
use reqwest::{Response, StatusCode};
use serde_json::json;
use testkit::{Client, DELETE, PASSWORD, POST, TestApp, smtp::SmtpSink};

const PATH: &str = "/api/account/email";

async fn change(me: &Client, email: &str, password: &str) -> Response {
    let given = json!({ "email": email, "password": password });
    me.send(POST, PATH, given).await
}

async fn confirm(client: &Client, token: &str) -> Response {
    let given = json!({ "token": token });
    let path = "/api/auth/email-change/confirm";
    client.anonymous().send(POST, path, given).await
}

async fn email(me: &Client) -> wire::Email {
    me.get(PATH).await.json().await.unwrap()
}

/// Asks for an address and takes the token out of the mail to it.
async fn asked(app: &TestApp, sink: &SmtpSink, me: &Client, address: &str) -> String {
    assert_eq!(change(me, address, PASSWORD).await.status(), 202);
    let mail = sink.wait_for(address).await;
    assert_eq!(mail.subject, "Confirm your address");
    token(app, &mail, "confirm-email")
}

#[tokio::test]
async fn an_address_counts_once_its_link_was_opened() {
    let (app, sink) = vault().await;
    let me = &app.client;
    let link = asked(&app, &sink, me, "new@vault.test").await;
    let told = sink.wait_for("admin@vault.test").await;
    assert_eq!(told.subject, "Another address was asked for");
    assert!(told.text.contains("From: 127.0.0.1"), "{}", told.text);
    assert!(!told.text.contains("token="));
    let before = email(me).await;
    assert_eq!(before.email, "admin@vault.test");
    assert_eq!(before.pending.as_deref(), Some("new@vault.test"));

    // Programs that look through mail open links, too.
    let page = format!("/confirm-email?token={link}");
    assert_eq!(me.anonymous().get(&page).await.status(), 200);
    assert_eq!(email(me).await.email, "admin@vault.test");

    assert_eq!(confirm(me, &link).await.status(), StatusCode::NO_CONTENT);
    let after = email(me).await;
    assert_eq!(
        (after.email.as_str(), after.pending),
        ("new@vault.test", None)
    );
    let told = sink.wait_for("admin@vault.test").await;
    assert_eq!(told.subject, "Your address was changed");
    problem(confirm(me, &link).await, 403).await;
    assert_eq!(log_in(me, "new@vault.test", PASSWORD).await.status(), 200);
    problem(log_in(me, "admin@vault.test", PASSWORD).await, 401).await;
    let notes = "SELECT count(*) FROM audit_log WHERE metadata ->> 'note' LIKE '%@%'";
    assert_eq!(app.database.number(notes).await, 0);
    let changed = "SELECT metadata ->> 'note' FROM audit_log WHERE event_type = 'account.changed' ORDER BY id";
    assert_eq!(
        app.database.texts(changed).await,
        ["another address asked for", "address"]
    );
}

#[tokio::test]
async fn only_the_newest_link_works_and_for_a_day() {
    let (app, sink) = vault().await;
    let me = &app.client;
    let first = asked(&app, &sink, me, "one@vault.test").await;
    let second = asked(&app, &sink, me, "two@vault.test").await;
    problem(confirm(me, &first).await, 403).await;
    app.database
        .execute("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
        .await;
    problem(confirm(me, &second).await, 403).await;
    assert_eq!(email(me).await.pending, None);
    assert_eq!(email(me).await.email, "admin@vault.test");
}

#[tokio::test]
async fn it_takes_the_password_and_an_address_that_is_another() {
    let (app, sink) = vault().await;
    let me = &app.client;
    for (address, password, field) in [
        ("new@vault.test", "wrong", "password"),
        ("nobody", PASSWORD, "email"),
        ("ADMIN@vault.test", PASSWORD, "email"),
    ] {
        let refused = problem(change(me, address, password).await, 422).await;
        assert_eq!(refused.errors[0].loc, ["body", field]);
    }
    app.stop().await;
    assert_eq!(sink.mails(), []);
}

#[tokio::test]
async fn whether_somebody_has_an_address_is_told_to_that_address_alone() {
    let (app, sink) = vault().await;
    app.person("ada").await;
    let eve = app.person("eve").await;
    let free = change(&eve, "free@vault.test", PASSWORD).await;
    let (free_status, free_text) = (free.status(), free.text().await.unwrap());
    sink.wait_for("free@vault.test").await;
    let taken = change(&eve, "ada@vault.test", PASSWORD).await;
    assert_eq!(taken.status(), free_status);
    assert_eq!(taken.text().await.unwrap(), free_text);
    assert_eq!(email(&eve).await.pending.as_deref(), Some("ada@vault.test"));
    let mail = sink.wait_for("ada@vault.test").await;
    assert_eq!(mail.subject, "You have an account already");
    assert!(
        !mail.text.contains("token=") && !mail.text.contains("eve"),
        "{}",
        mail.text
    );
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_leaves_the_link_as_it_is() {
    let (app, sink) = vault().await;
    let eve = app.person("eve").await;
    let link = asked(&app, &sink, &eve, "ada@vault.test").await;
    app.person("ada").await;
    let refused = problem(confirm(&eve, &link).await, 409).await;
    assert_eq!(refused.code, "email_not_available");
    assert_eq!(email(&eve).await.email, "eve@vault.test");
    app.database
        .execute("DELETE FROM users WHERE handle = 'ada'")
        .await;
    assert_eq!(confirm(&eve, &link).await.status(), 204);
    assert_eq!(email(&eve).await.email, "ada@vault.test");
}

#[tokio::test]
async fn a_change_is_withdrawn_by_hand_or_by_a_new_password() {
    let (app, sink) = vault().await;
    let me = &app.client;
    let nothing = me.request(DELETE, PATH).send().await.unwrap();
    problem(nothing, 404).await;
    let first = asked(&app, &sink, me, "one@vault.test").await;
    let withdrawn = me.request(DELETE, PATH).send().await.unwrap();
    assert_eq!(withdrawn.status(), StatusCode::NO_CONTENT);
    problem(confirm(me, &first).await, 403).await;

    let second = asked(&app, &sink, me, "two@vault.test").await;
    let given = json!({ "current_password": PASSWORD, "new_password": NEW });
    me.send(POST, "/api/account/password", given).await;
    problem(confirm(me, &second).await, 403).await;
    assert_eq!(email(me).await.email, "admin@vault.test");
}

#[tokio::test]
async fn a_changed_password_is_told_by_mail() {
    let (app, sink) = vault().await;
    let given = json!({ "current_password": PASSWORD, "new_password": NEW });
    app.client.send(POST, "/api/account/password", given).await;
    let told = sink.wait_for("admin@vault.test").await;
    assert_eq!(told.subject, "Your password was changed");
    assert!(told.text.contains("Account: admin"), "{}", told.text);
    assert!(told.text.contains(&app.client.base), "{}", told.text);
}

#[tokio::test]
async fn a_link_to_the_old_address_no_longer_opens_the_account() {
    let (app, sink) = vault().await;
    let reset = reset_token(&app, &sink, "admin").await;
    let link = asked(&app, &sink, &app.client, "new@vault.test").await;
    assert_eq!(confirm(&app.client, &link).await.status(), 204);
    problem(choose(&app.client, &reset, NEW).await, 403).await;
    assert_eq!(ask(&app.client, "admin").await.status(), 202);
    let mail = sink.wait_for("new@vault.test").await;
    token(&app, &mail, "reset-password");
}

#[tokio::test]
async fn one_account_writes_to_few_addresses() {
    let (app, _sink) = vault().await;
    let mut statuses = Vec::new();
    for n in 0..6 {
        let answer = change(&app.client, &format!("victim-{n}@vault.test"), PASSWORD).await;
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [202, 202, 202, 202, 202, 429]);
}

#[tokio::test]
async fn without_mail_an_address_stays() {
    let app = TestApp::start().await;
    let refused = change(&app.client, "new@vault.test", PASSWORD).await;
    assert_eq!(problem(refused, 409).await.code, "mail_not_configured");
    assert!(!email(&app.client).await.changeable);
}
