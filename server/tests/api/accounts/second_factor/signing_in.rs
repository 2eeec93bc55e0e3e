//! Signing in with password and second factor.

use super::{App, give, password_given, some_time_later, state, switch_on};
use crate::{
    accounts::{is_good, log_in, tokens},
    support::problem,
};
use reqwest::StatusCode;
use serde_json::json;
use testkit::{PASSWORD, POST, TestApp};
use wire::SecondFactorWanted;

async fn armed() -> (TestApp, App) {
    let app = TestApp::start().await;
    let on = switch_on(&app, &app.client).await;
    (app, on)
}

async fn sign_ins(app: &TestApp) -> (i64, i64) {
    let sessions = "SELECT count(*) FROM sessions";
    let entries = "SELECT count(*) FROM audit_log WHERE event_type = 'session.created'";
    (
        app.database.number(sessions).await,
        app.database.number(entries).await,
    )
}

#[tokio::test]
async fn a_right_password_alone_is_no_sign_in() {
    let (app, on) = armed().await;
    let before = sign_ins(&app).await;
    let answer = log_in(&app.client, "admin", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let wanted: SecondFactorWanted = answer.json().await.unwrap();
    assert!((240..=300).contains(&wanted.expires_in));
    assert_eq!(wanted.methods, ["totp", "recovery_code"]);
    assert_eq!(sign_ins(&app).await, before);
    assert!(!is_good(&app, &wanted.token).await);

    let answer = give(&app.client, &wanted.token, &on.code()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let (access, _) = tokens(answer).await;
    assert!(is_good(&app, &access).await);
    assert_eq!(sign_ins(&app).await, (before.0 + 1, before.1 + 1));
}

#[tokio::test]
async fn a_wrong_password_says_nothing_of_the_second_factor() {
    let (app, _) = armed().await;
    let wrong = problem(log_in(&app.client, "admin", "a wrong guess").await, 401).await;
    assert_eq!(wrong.code, "wrong_credentials");
}

#[tokio::test]
async fn a_code_works_once() {
    let (app, on) = armed().await;
    let code = on.code();
    let first = give(&app.client, &password_given(&app).await, &code).await;
    assert_eq!(first.status(), StatusCode::OK);
    let again = give(&app.client, &password_given(&app).await, &code).await;
    assert_eq!(problem(again, 401).await.code, "wrong_code");
}

#[tokio::test]
async fn of_two_sign_ins_at_once_with_one_code_one_is_let_in() {
    let (app, on) = armed().await;
    for same_token in [false, true] {
        some_time_later(&app).await;
        let one = password_given(&app).await;
        let two = if same_token {
            one.clone()
        } else {
            password_given(&app).await
        };
        let code = on.code();
        let (one, two) = tokio::join!(
            give(&app.client, &one, &code),
            give(&app.client, &two, &code)
        );
        let mut statuses = [one.status().as_u16(), two.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "with the same token: {same_token}");
    }
}

#[tokio::test]
async fn a_wrong_code_leaves_the_token_and_is_written_down() {
    let (app, on) = armed().await;
    let token = password_given(&app).await;
    for wrong in [on.wrong_code().as_str(), "", "abc", "0123-4567-89ab-cdef"] {
        let refused = give(&app.client, &token, wrong).await;
        assert_eq!(problem(refused, 401).await.code, "wrong_code", "{wrong}");
    }
    let written = app
        .database
        .number(
            "SELECT count(*) FROM audit_log
              WHERE event_type = 'session.refused' AND metadata ->> 'note' = 'at the second factor'",
        )
        .await;
    assert_eq!(written, 4);
    let right = give(&app.client, &token, &on.code()).await;
    assert_eq!(right.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let (app, on) = armed().await;
    assert_eq!(on.codes.len(), 10);
    let typed = on.codes[0].to_uppercase().replace('-', " ");
    let first = give(&app.client, &password_given(&app).await, &typed).await;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(state(&app.client).await["recovery_codes_left"], 9);
    let token = password_given(&app).await;
    let again = give(&app.client, &token, &on.codes[0]).await;
    assert_eq!(problem(again, 401).await.code, "wrong_code");
    let (one, two) = tokio::join!(
        give(&app.client, &token, &on.codes[1]),
        give(&app.client, &token, &on.codes[2])
    );
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "one token began two sessions");
    // The loser's code was not used up: all of it happens or none.
    assert_eq!(state(&app.client).await["recovery_codes_left"], 8);
}

#[tokio::test]
async fn anothers_codes_do_not_work() {
    let (app, _) = armed().await;
    let ada = app.person("ada").await;
    let hers = switch_on(&app, &ada).await;
    let token = password_given(&app).await;
    for code in [&hers.code(), &hers.codes[0]] {
        let refused = give(&app.client, &token, code).await;
        assert_eq!(problem(refused, 401).await.code, "wrong_code");
    }
    assert_eq!(state(&ada).await["recovery_codes_left"], 10);
}

/// What may happen between the steps, after which the first no longer counts.
#[tokio::test]
async fn a_sign_in_ends_with_its_time_its_account_and_its_password() {
    let (app, on) = armed().await;
    for what in [
        "UPDATE one_time_tokens SET expires_at = now() - interval '1 second'",
        "UPDATE users SET is_active = false",
    ] {
        let token = password_given(&app).await;
        app.database.execute(what).await;
        let refused = give(&app.client, &token, &on.code()).await;
        assert_eq!(problem(refused, 401).await.code, "sign_in_over", "{what}");
        app.database
            .execute("UPDATE users SET is_active = true")
            .await;
    }
    let token = password_given(&app).await;
    let change =
        json!({ "current_password": PASSWORD, "new_password": "quite another one, as long" });
    let changed = app.client.send(POST, "/api/account/password", change).await;
    assert_eq!(changed.status(), StatusCode::NO_CONTENT);
    let refused = give(&app.client, &token, &on.code()).await;
    assert_eq!(problem(refused, 401).await.code, "sign_in_over");
}

#[tokio::test]
async fn what_is_no_token_of_this_kind_is_refused() {
    let (app, on) = armed().await;
    let api_token = app.client.api_token("admin").await;
    for token in ["", "dvf_x", &api_token, app.client.token.as_ref().unwrap()] {
        let refused = give(&app.client, token, &on.code()).await;
        assert_eq!(problem(refused, 401).await.code, "sign_in_over", "{token}");
    }
}

#[tokio::test]
async fn a_passkey_is_a_second_factor_too() {
    let app = TestApp::start().await;
    app.database
        .execute(
            "INSERT INTO passkeys (id, user_id, credential_id, name, passkey)
             SELECT gen_random_uuid(), id, '\\x01', 'Key', '{}' FROM users",
        )
        .await;
    let answer = log_in(&app.client, "admin", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let wanted: SecondFactorWanted = answer.json().await.unwrap();
    assert_eq!(wanted.methods, ["passkey"]);
}
