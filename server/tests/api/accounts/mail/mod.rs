//! What is settled by mail: forgotten passwords, other addresses, invitations, notices.

mod address;
mod background;
mod invitations;
mod reset;

use reqwest::Response;
use serde_json::json;
use testkit::{
    Client, POST, Setup, TestApp,
    smtp::{Received, SmtpSink},
};

/// A password that nobody has yet.
pub const NEW: &str = "quite another password, as long";

/// A vault that sends its mail to a server of the test's own.
pub async fn vault() -> (TestApp, SmtpSink) {
    let sink = SmtpSink::start().await;
    let app = with_mail(Setup::default(), &sink).start().await;
    (app, sink)
}

pub fn with_mail(setup: Setup, sink: &SmtpSink) -> Setup {
    setup
        .with("SMTP_URL", sink.url())
        .with("MAIL_FROM", "DocuVault <vault@vault.test>")
}

/// Asks for a link to choose a new password.
pub async fn ask(client: &Client, login: &str) -> Response {
    let given = json!({ "login": login });
    client
        .anonymous()
        .send(POST, "/api/auth/password-reset", given)
        .await
}

/// Chooses one.
pub async fn choose(client: &Client, token: &str, password: &str) -> Response {
    let given = json!({ "token": token, "new_password": password });
    let path = "/api/auth/password-reset/confirm";
    client.anonymous().send(POST, path, given).await
}

/// The token in a mail's only link, which leads to that page of the vault.
pub fn token(app: &TestApp, mail: &Received, page: &str) -> String {
    let begin = format!("{}/{page}?token=", app.client.base);
    let (_, rest) = mail.text.split_once(&begin).unwrap();
    let link = rest.split_whitespace().next().unwrap();
    assert!(!rest.contains("http"), "{}", mail.text);
    link.split('&').next().unwrap().to_owned()
}

/// Asks for a link and takes the token out of the mail.
pub async fn reset_token(app: &TestApp, sink: &SmtpSink, handle: &str) -> String {
    assert_eq!(ask(&app.client, handle).await.status(), 202);
    let mail = sink.wait_for(&format!("{handle}@vault.test")).await;
    token(app, &mail, "reset-password")
}
