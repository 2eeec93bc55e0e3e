//! Nobody learns from an answer, or from how long it takes, whether an account exists; and a mail
//! server that is away loses no mail.

use super::{NEW, ask, choose, token, vault};
use crate::support::problem;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{POST, Setup, TestApp};
use tokio::net::TcpListener;

const NAMES: [&str; 4] = ["admin", "admin@vault.test", "ada", "nobody@vault.test"];

/// With an account, `ada`, that is disabled.
async fn with_a_disabled_account(app: &TestApp) {
    app.person("ada").await;
    app.database
        .execute("UPDATE users SET is_active = false WHERE handle = 'ada'")
        .await;
}

#[tokio::test]
async fn the_answer_is_the_same_whether_an_account_exists() {
    let (app, sink) = vault().await;
    with_a_disabled_account(&app).await;
    let mut answers = Vec::new();
    for name in NAMES {
        let answer = ask(&app.client, name).await;
        assert_eq!(answer.status(), StatusCode::ACCEPTED, "{name}");
        let mut headers = answer.headers().clone();
        headers.remove("x-request-id");
        headers.remove("date");
        answers.push((headers, answer.text().await.unwrap()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    app.stop().await;
    // What ran beside the requests is done by now.
    let mails = sink.mails();
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert!(mails.iter().all(|mail| mail.to == "admin@vault.test"));
}

/// Whatever is done about an account is done after the answer: while nobody gets at the accounts, the
/// answers come all the same.
#[tokio::test]
async fn the_answer_waits_for_nothing_that_depends_on_the_account() {
    let (app, sink) = vault().await;
    with_a_disabled_account(&app).await;
    let lock = app
        .database
        .lock("users, one_time_tokens, audit_log, audit_chains")
        .await;
    for name in NAMES {
        assert_eq!(ask(&app.client, name).await.status(), 202, "{name}");
    }
    assert!(sink.mails().is_empty());
    lock.rollback().await.unwrap();
    let mail = sink.wait_for("admin@vault.test").await;
    token(&app, &mail, "reset-password");
}

#[tokio::test]
async fn a_mail_server_that_is_silent_holds_nobody_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let app = Setup::default()
        .with("SMTP_URL", url)
        .with("MAIL_FROM", "vault@vault.test")
        .start()
        .await;
    for name in NAMES {
        assert_eq!(ask(&app.client, name).await.status(), 202, "{name}");
    }
    let (_connection, _) = silent.accept().await.unwrap();
}

#[tokio::test]
async fn a_mail_that_could_not_be_sent_is_tried_again() {
    let (app, sink) = vault().await;
    sink.answer(451);
    let answer = ask(&app.client, "admin").await;
    assert_eq!(answer.status(), 202);
    sink.refused().await;
    assert!(sink.mails().is_empty());
    sink.answer(250);
    let mail = sink.wait_for("admin@vault.test").await;
    let link = token(&app, &mail, "reset-password");
    assert_eq!(choose(&app.client, &link, NEW).await.status(), 204);
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_a_mail_server_that_is_away() {
    let (app, sink) = vault().await;
    sink.answer(451);
    ask(&app.client, "admin").await;
    sink.refused().await;
    // All its tries would take longer than that.
    tokio::time::timeout(std::time::Duration::from_secs(20), app.stop())
        .await
        .unwrap();
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_a_header_or_another_recipient() {
    let (app, sink) = vault().await;
    let hostile = [
        "admin@vault.test\r\nBcc: eve@vault.test",
        "admin@vault.test, eve@vault.test",
        "<eve@vault.test>",
        "admin\0",
    ];
    for name in hostile {
        assert_eq!(ask(&app.client, name).await.status(), 202, "{name:?}");
        let given = json!({ "email": name, "password": testkit::PASSWORD });
        let refused = app.client.send(POST, "/api/account/email", given).await;
        problem(refused, 422).await;
        let given = json!({ "email": name });
        let refused = app.client.send(POST, "/api/admin/invitations", given).await;
        problem(refused, 422).await;
    }
    for empty in ["", "  "] {
        let refused = problem(ask(&app.client, empty).await, 422).await;
        assert_eq!(refused.errors[0].loc, ["body", "login"]);
    }
    app.stop().await;
    assert_eq!(sink.mails(), []);
}

#[tokio::test]
async fn the_links_page_tells_no_other_site_where_it_came_from() {
    let (app, _sink) = vault().await;
    for page in ["/reset-password?token=dvp_x", "/confirm-email?token=dve_x"] {
        let answer = app.client.anonymous().get(page).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["referrer-policy"], "same-origin");
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
}
