//! Setting one's own second factor up, and switching it off.

use super::{begin, confirm, give, password_given, state, switch_on};
use crate::{
    accounts::{is_good, log_in, signed_in},
    support::problem,
};
use auth::Totp;
use domain::Clock;
use reqwest::{Response, StatusCode};
use serde_json::json;
use testkit::{Client, DELETE, PASSWORD, POST, TestApp};
use wire::{RecoveryCodes, TotpSetUp};

async fn switch_off(client: &Client, password: &str) -> Response {
    let given = json!({ "password": password });
    client
        .send(DELETE, "/api/account/second-factor/totp", given)
        .await
}

async fn renew(client: &Client, password: &str) -> Response {
    let given = json!({ "password": password });
    client
        .send(POST, "/api/account/second-factor/recovery-codes", given)
        .await
}

#[tokio::test]
async fn an_app_is_asked_for_codes_once_it_has_shown_one() {
    let app = TestApp::start().await;
    let (other, _) = signed_in(&app, "admin").await;
    let me = &app.client;
    problem(begin(me, "a wrong password").await, 422).await;
    let nothing = confirm(me, "123456").await;
    assert_eq!(problem(nothing, 409).await.code, "totp_not_begun");

    let set_up: TotpSetUp = begin(me, PASSWORD).await.json().await.unwrap();
    assert!(set_up.uri.starts_with("otpauth://totp/DocuVault:admin?"));
    assert!(set_up.uri.contains(&set_up.secret));
    assert!(set_up.qr_svg.unwrap().starts_with("<svg "));
    assert_eq!(
        state(me).await,
        json!({ "totp": false, "recovery_codes_left": 0, "passkeys": 0 })
    );
    signed_in(&app, "admin").await;

    let totp = Totp::from_base32(&set_up.secret).unwrap();
    let wrong = problem(confirm(me, "12345").await, 422).await;
    assert_eq!(wrong.errors[0].loc, ["body", "code"]);
    assert!(is_good(&app, &other).await);
    let code = totp.code_at(Clock::system().now()).unwrap();
    let done = confirm(me, &code).await;
    assert_eq!(done.status(), StatusCode::OK);
    let codes: RecoveryCodes = done.json().await.unwrap();
    assert_eq!(codes.recovery_codes.len(), 10);
    assert_eq!(
        state(me).await,
        json!({ "totp": true, "recovery_codes_left": 10, "passkeys": 0 })
    );
    assert!(is_good(&app, me.token.as_ref().unwrap()).await);
    assert!(!is_good(&app, &other).await);

    // The code with which it was switched on is used up.
    let again = give(me, &password_given(&app).await, &code).await;
    assert_eq!(problem(again, 401).await.code, "wrong_code");
    for refused in [begin(me, PASSWORD).await, confirm(me, &code).await] {
        assert_eq!(problem(refused, 409).await.code, "totp_on");
    }
}

#[tokio::test]
async fn beginning_anew_makes_another_secret() {
    let app = TestApp::start().await;
    let first: TotpSetUp = begin(&app.client, PASSWORD).await.json().await.unwrap();
    let second: TotpSetUp = begin(&app.client, PASSWORD).await.json().await.unwrap();
    assert_ne!(first.secret, second.secret);
    let code = |set_up: &TotpSetUp| {
        let totp = Totp::from_base32(&set_up.secret).unwrap();
        totp.code_at(Clock::system().now()).unwrap()
    };
    problem(confirm(&app.client, &code(&first)).await, 422).await;
    let done = confirm(&app.client, &code(&second)).await;
    assert_eq!(done.status(), StatusCode::OK);
}

#[tokio::test]
async fn switching_off_takes_the_password_and_ends_other_sessions() {
    let app = TestApp::start().await;
    let me = &app.client;
    let off = switch_off(me, PASSWORD).await;
    assert_eq!(problem(off, 409).await.code, "totp_off");
    let on = switch_on(&app, me).await;
    let pending = password_given(&app).await;
    let answer = give(me, &password_given(&app).await, &on.codes[0]).await;
    let (other, _) = crate::accounts::tokens(answer).await;

    problem(switch_off(me, "a wrong password").await, 422).await;
    assert_eq!(state(me).await["totp"], true);
    assert!(is_good(&app, &other).await);

    let off = switch_off(me, PASSWORD).await;
    assert_eq!(off.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        state(me).await,
        json!({ "totp": false, "recovery_codes_left": 0, "passkeys": 0 })
    );
    assert!(!is_good(&app, &other).await);
    assert!(is_good(&app, me.token.as_ref().unwrap()).await);
    let over = give(me, &pending, &on.codes[1]).await;
    assert_eq!(problem(over, 401).await.code, "sign_in_over");
    let answer = log_in(me, "admin", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let secrets = "SELECT count(*) FROM users WHERE totp_secret IS NOT NULL";
    assert_eq!(app.database.number(secrets).await, 0);
}

#[tokio::test]
async fn recovery_codes_stay_while_a_passkey_does() {
    let app = TestApp::start().await;
    switch_on(&app, &app.client).await;
    app.database
        .execute(
            "INSERT INTO passkeys (id, user_id, credential_id, name, passkey)
             SELECT gen_random_uuid(), id, '\\x01', 'Key', '{}' FROM users",
        )
        .await;
    let off = switch_off(&app.client, PASSWORD).await;
    assert_eq!(off.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        state(&app.client).await,
        json!({ "totp": false, "recovery_codes_left": 10, "passkeys": 1 })
    );
    // Switched on again, it makes no others: those from before still work.
    let again = switch_on(&app, &app.client).await;
    assert_eq!(again.codes, [""; 0]);
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old() {
    let app = TestApp::start().await;
    let me = &app.client;
    let refused = renew(me, PASSWORD).await;
    assert_eq!(problem(refused, 409).await.code, "no_second_factor");
    let on = switch_on(&app, me).await;
    problem(renew(me, "a wrong password").await, 422).await;
    let answer = renew(me, PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let new: RecoveryCodes = answer.json().await.unwrap();
    assert_eq!(new.recovery_codes.len(), 10);
    let token = password_given(&app).await;
    problem(give(me, &token, &on.codes[0]).await, 401).await;
    let right = give(me, &token, &new.recovery_codes[0]).await;
    assert_eq!(right.status(), StatusCode::OK);
}

#[tokio::test]
async fn nothing_of_it_is_kept_in_clear() {
    let app = TestApp::start().await;
    let on = switch_on(&app, &app.client).await;
    let secret = secrecy_of(&on.totp);
    let pending = password_given(&app).await;
    let everything = app.database.everything().await;
    assert!(!everything.contains(&secret));
    assert!(!everything.contains(&pending));
    for code in &on.codes {
        assert!(!everything.contains(code.as_str()));
        assert!(!everything.contains(&code.replace('-', "")));
    }
}

fn secrecy_of(totp: &Totp) -> String {
    use secrecy::ExposeSecret;
    totp.base32().expose_secret().to_owned()
}

#[tokio::test]
async fn what_happened_is_in_the_log() {
    let app = TestApp::start().await;
    switch_on(&app, &app.client).await;
    renew(&app.client, PASSWORD).await;
    switch_off(&app.client, PASSWORD).await;
    let events = app
        .database
        .texts(
            "SELECT event_type FROM audit_log
              WHERE event_type LIKE 'second_factor.%' OR event_type LIKE 'recovery_codes.%' ORDER BY number",
        )
        .await;
    assert_eq!(
        events,
        [
            "second_factor.enabled",
            "recovery_codes.created",
            "recovery_codes.created",
            "second_factor.disabled"
        ]
    );
}
