//! Signing in, staying signed in, signing out.

use super::{is_good, log_in, signed_in, tokens};
use crate::support::problem;
use auth::Passwords;
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Client, DELETE, PASSWORD, POST, TestApp};

async fn refresh(client: &Client, token: &str) -> reqwest::Response {
    let given = json!({ "refresh_token": token });
    client
        .anonymous()
        .send(POST, "/api/auth/refresh", given)
        .await
}

/// As if every exchange had been a minute ago.
async fn a_minute_later(app: &TestApp) {
    app.database
        .execute("UPDATE refresh_tokens SET used_at = used_at - interval '1 minute'")
        .await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let app = TestApp::start().await;
    let wrong = problem(log_in(&app.client, "admin", "a wrong password").await, 401).await;
    let unknown = problem(log_in(&app.client, "nobody", "a wrong password").await, 401).await;
    assert_eq!((wrong.code, wrong.detail), (unknown.code, unknown.detail));
    for name in ["admin", "ADMIN", " admin@vault.test "] {
        assert_eq!(
            log_in(&app.client, name, PASSWORD).await.status(),
            StatusCode::OK
        );
    }
}

/// Also for a name that nobody has: nobody shall be able to tell by the time that it takes.
#[tokio::test]
async fn every_refused_sign_in_is_logged() {
    let app = TestApp::start().await;
    log_in(&app.client, "admin", "a wrong password").await;
    log_in(&app.client, "nobody", "a wrong password").await;
    let refused =
        "SELECT COALESCE((SELECT handle FROM users WHERE id = user_id), '-') FROM audit_log
                    WHERE event_type = 'session.refused' ORDER BY id";
    assert_eq!(app.database.texts(refused).await, ["admin", "-"]);
}

#[tokio::test]
async fn tokens_and_passwords_are_not_kept_in_clear() {
    let app = TestApp::start().await;
    let (access, refresh) = signed_in(&app, "admin").await;
    let token = app.client.api_token("read").await;
    let everything = app.database.everything().await;
    for secret in [access.as_str(), &refresh, &token, PASSWORD] {
        assert!(!everything.contains(secret));
    }
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_the_next_pair() {
    let app = TestApp::start().await;
    let (_, first) = signed_in(&app, "admin").await;
    let (access, second) = tokens(refresh(&app.client, &first).await).await;
    assert!(is_good(&app, &access).await);
    assert_ne!(first, second);
    a_minute_later(&app).await;
    let (access, _) = tokens(refresh(&app.client, &second).await).await;
    assert!(is_good(&app, &access).await);
}

#[tokio::test]
async fn two_tabs_may_exchange_the_same_token_at_once() {
    let app = TestApp::start().await;
    let (_, first) = signed_in(&app, "admin").await;
    let (one, two) = tokio::join!(refresh(&app.client, &first), refresh(&app.client, &first));
    for answer in [one, two] {
        let (access, _) = tokens(answer).await;
        assert!(is_good(&app, &access).await);
    }
}

#[tokio::test]
async fn an_old_refresh_token_that_comes_back_ends_the_session_and_is_logged() {
    let app = TestApp::start().await;
    let (_, first) = signed_in(&app, "admin").await;
    let (access, second) = tokens(refresh(&app.client, &first).await).await;
    a_minute_later(&app).await;
    problem(refresh(&app.client, &first).await, 401).await;
    assert!(!is_good(&app, &access).await);
    problem(refresh(&app.client, &second).await, 401).await;
    let logged = "SELECT count(*) FROM audit_log WHERE event_type = 'session.token_reused'";
    assert_eq!(app.database.number(logged).await, 1);
}

#[tokio::test]
async fn rubbish_is_no_refresh_token() {
    let app = TestApp::start().await;
    let (access, _) = signed_in(&app, "admin").await;
    for rubbish in ["", "dvr_", "dvr_\0", &access, &"x".repeat(10_000)] {
        problem(refresh(&app.client, rubbish).await, 401).await;
    }
}

#[tokio::test]
async fn signing_out_takes_effect_at_once_and_here_only() {
    let app = TestApp::start().await;
    let (here, refresh_here) = signed_in(&app, "admin").await;
    let (there, _) = signed_in(&app, "admin").await;
    let out = app.client.with_token(&here);
    let answer = out.request(POST, "/api/auth/logout").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(!is_good(&app, &here).await);
    problem(refresh(&app.client, &refresh_here).await, 401).await;
    assert!(is_good(&app, &there).await);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_at_once() {
    let app = TestApp::start().await;
    let (here, _) = signed_in(&app, "admin").await;
    let (there, _) = signed_in(&app, "admin").await;
    let me = app.client.with_token(&here);
    let list: wire::SessionList = me.get("/api/account/sessions").await.json().await.unwrap();
    // The third is the one that set-up began.
    assert_eq!(list.sessions.len(), 3);
    assert_eq!(
        list.sessions
            .iter()
            .filter(|session| session.current)
            .count(),
        1
    );
    assert!(
        list.sessions
            .iter()
            .all(|session| session.address.as_deref() == Some("127.0.0.1"))
    );

    let other: wire::SessionList = app
        .client
        .with_token(&there)
        .get("/api/account/sessions")
        .await
        .json()
        .await
        .unwrap();
    let other = other
        .sessions
        .into_iter()
        .find(|session| session.current)
        .unwrap()
        .id;
    let path = format!("/api/account/sessions/{other}");
    assert_eq!(
        me.request(DELETE, &path).send().await.unwrap().status(),
        StatusCode::NO_CONTENT
    );
    problem(me.request(DELETE, &path).send().await.unwrap(), 404).await;
    assert!(!is_good(&app, &there).await);
    assert!(is_good(&app, &here).await);

    let all = me
        .request(DELETE, "/api/account/sessions")
        .send()
        .await
        .unwrap();
    assert_eq!(all.status(), StatusCode::NO_CONTENT);
    assert!(!is_good(&app, &here).await);
    assert!(!is_good(&app, app.client.token.as_ref().unwrap()).await);
}

#[tokio::test]
async fn a_session_has_an_end_however_much_it_is_used() {
    let app = TestApp::start().await;
    let (access, token) = signed_in(&app, "admin").await;
    app.database
        .execute("UPDATE sessions SET expires_at = now()")
        .await;
    assert!(!is_good(&app, &access).await);
    problem(refresh(&app.client, &token).await, 401).await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_can_not_come_back() {
    let app = TestApp::start().await;
    app.person("ada").await;
    let (access, refresh_token) = signed_in(&app, "ada").await;
    app.database
        .execute("UPDATE users SET is_active = false WHERE handle = 'ada'")
        .await;
    assert!(!is_good(&app, &access).await);
    problem(refresh(&app.client, &refresh_token).await, 401).await;
    problem(log_in(&app.client, "ada", PASSWORD).await, 401).await;
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused_also_where_nobody_has_to_sign_in() {
    let app = TestApp::start().await;
    let answer = app.client.with_token("rubbish").get("/api/documents").await;
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    let refused = problem(answer, 401).await;
    assert_eq!(refused.code, "unauthenticated");
    let _: Value = app
        .client
        .with_token("rubbish")
        .get("/health")
        .await
        .json()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_password_that_is_changed_while_somebody_signs_in_with_it_is_wrong() {
    let app = TestApp::start().await;
    app.person("ada").await;
    let changing = app
        .database
        .hold("UPDATE users SET password_hash = 'another' WHERE handle = 'ada'")
        .await;
    let client = app.client.clone();
    let signing_in = tokio::spawn(async move { log_in(&client, "ada", PASSWORD).await });
    app.database.waiting(1).await;
    changing.commit().await.unwrap();
    problem(signing_in.await.unwrap(), 401).await;
    let sessions = "SELECT count(*) FROM sessions s JOIN users u ON u.id = s.user_id
                     WHERE u.handle = 'ada' AND s.revoked_at IS NULL";
    // The one that `person` began.
    assert_eq!(app.database.number(sessions).await, 1);
}

#[tokio::test]
async fn a_hash_made_with_a_weaker_setting_is_made_anew_at_the_next_sign_in() {
    let app = TestApp::start().await;
    app.person("ada").await;
    let weak = Passwords::cheap().hash(PASSWORD.into()).await.unwrap();
    let kept = "SELECT count(*) FROM users WHERE handle = 'ada' AND password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'";
    assert_eq!(app.database.number(kept).await, 1);
    let weaken = format!("UPDATE users SET password_hash = '{weak}' WHERE handle = 'ada'");
    app.database.execute(weaken.leak()).await;
    assert_eq!(app.database.number(kept).await, 0);
    for _ in 0..2 {
        let answer = log_in(&app.client, "ada", PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(app.database.number(kept).await, 1);
    }
}
