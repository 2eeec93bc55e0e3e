//! The second factor: authenticator app and recovery codes.

mod browser;
mod limits;
mod own;
mod signing_in;

use super::log_in;
use auth::Totp;
use domain::Clock;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, PASSWORD, POST, TestApp};
use wire::{RecoveryCodes, SecondFactorWanted, TotpSetUp};

/// The admin's authenticator app, and what came with it.
pub(super) struct App {
    totp: Totp,
    pub(super) codes: Vec<String>,
}

impl App {
    /// What the app shows now.
    pub(super) fn code(&self) -> String {
        self.totp.code_at(Clock::system().now()).unwrap()
    }

    /// A code that it does not show now, nor just before or after.
    fn wrong_code(&self) -> String {
        let mut code = self.code();
        while self
            .totp
            .check(&code, Clock::system().now(), None)
            .is_some()
        {
            code = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        }
        code
    }
}

async fn begin(client: &Client, password: &str) -> Response {
    let given = json!({ "password": password });
    client
        .send(POST, "/api/account/second-factor/totp", given)
        .await
}

async fn confirm(client: &Client, code: &str) -> Response {
    let given = json!({ "code": code });
    client
        .send(POST, "/api/account/second-factor/totp/confirm", given)
        .await
}

/// Sets the app up for whoever that is. The code with which it was switched on counts as used long ago.
pub(super) async fn switch_on(app: &TestApp, client: &Client) -> App {
    let set_up: TotpSetUp = begin(client, PASSWORD).await.json().await.unwrap();
    let totp = Totp::from_base32(&set_up.secret).unwrap();
    let code = totp.code_at(Clock::system().now()).unwrap();
    let answer = confirm(client, &code).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let codes: RecoveryCodes = answer.json().await.unwrap();
    some_time_later(app).await;
    App {
        totp,
        codes: codes.recovery_codes,
    }
}

/// As if every code that was used had been one of long ago.
pub(super) async fn some_time_later(app: &TestApp) {
    app.database
        .execute("UPDATE users SET totp_last_step = totp_last_step - 100")
        .await;
}

/// The first step of a sign-in, which leads to the second.
async fn password_given(app: &TestApp) -> String {
    let answer = log_in(&app.client, "admin", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let wanted: SecondFactorWanted = answer.json().await.unwrap();
    wanted.token
}

/// The second step.
pub(super) async fn give(client: &Client, token: &str, code: &str) -> Response {
    let given = json!({ "token": token, "code": code });
    client
        .anonymous()
        .send(POST, "/api/auth/second-factor", given)
        .await
}

async fn state(client: &Client) -> Value {
    let answer = client.get("/api/account/second-factor").await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}
