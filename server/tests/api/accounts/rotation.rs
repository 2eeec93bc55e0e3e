//! A vault whose `SECRET_KEY` is replaced.

use super::{
    log_in,
    second_factor::{App, give, some_time_later, switch_on},
    tokens,
};
use crate::support::problem;
use domain::Caller;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use std::collections::BTreeMap;
use testkit::{Client, PASSWORD, PATIENCE, POST, TestApp, run, until};
use wire::{SecondFactorWanted, Settings};

type Environment = BTreeMap<String, String>;

const NEW_KEY: &str = "another key, as random as a test can be";

/// A vault with a secret in it, whose key is being replaced, and a token that outlives the change.
async fn being_replaced() -> (TestApp, String) {
    let mut app = TestApp::start().await;
    give_an_api_key(&app).await;
    let token = app.client.api_token("read").await;
    app.environment = replacing(&app.environment);
    (app, token)
}

async fn give_an_api_key(app: &TestApp) {
    let key = json!({ "providers": { "openai": { "api_key": "sk-of-a-test-0123456789" } } });
    let set = app.client.send(Method::PATCH, "/api/settings", key).await;
    assert_eq!(set.status(), 200);
}

fn with(environment: &Environment, key: &str, previous: &str) -> Environment {
    let mut environment = environment.clone();
    environment.insert("SECRET_KEY".to_owned(), key.to_owned());
    environment.insert("SECRET_KEY_PREVIOUS".to_owned(), previous.to_owned());
    environment
}

/// The new key beside the old one, which is the previous one now.
fn replacing(environment: &Environment) -> Environment {
    with(environment, NEW_KEY, &environment["SECRET_KEY"])
}

/// The new key alone.
fn replaced(environment: &Environment) -> Environment {
    with(environment, NEW_KEY, "")
}

async fn opens(app: &mut TestApp, token: &str) -> bool {
    let server = app.second_server(app.environment.clone()).await;
    let settings = server.with_token(token).get("/api/settings").await;
    let settings: Settings = settings.json().await.unwrap();
    settings.providers["openai"].api_key_set
}

#[tokio::test]
async fn secrets_open_under_the_previous_key_and_are_sealed_under_the_new_one() {
    let (mut app, token) = being_replaced().await;
    assert!(opens(&mut app, &token).await);
    let (services, worker) = (app.services(), Caller::system("a test"));
    // The worker's way.
    assert_eq!(services.sweeping().seal_anew(&worker).await.unwrap(), 1);
    assert_eq!(services.sweeping().seal_anew(&worker).await.unwrap(), 0);
    app.environment.remove("SECRET_KEY_PREVIOUS");
    assert!(opens(&mut app, &token).await);
}

#[tokio::test]
async fn without_the_previous_key_they_stay_shut() {
    let (mut app, token) = being_replaced().await;
    app.environment.remove("SECRET_KEY_PREVIOUS");
    assert!(!opens(&mut app, &token).await);
    let (services, worker) = (app.services(), Caller::system("a test"));
    assert_eq!(services.sweeping().seal_anew(&worker).await.unwrap(), 0);
}

/// `server secrets rotate`: whether it ends well, and what it says.
async fn rotate(environment: &Environment) -> (bool, String) {
    let (code, said) = run("server", &["secrets", "rotate"], environment).await;
    (code == Some(0), said)
}

fn counted(anew: usize, already: usize, shut: usize) -> String {
    format!(
        "{anew} sealed anew with SECRET_KEY, {already} sealed with it already, 0 changed meanwhile, {shut} can't be opened."
    )
}

/// A sign-in of the admin with the authenticator app: the answer to its second step.
async fn second_step(app: &TestApp, server: &Client, code: &str) -> Response {
    some_time_later(app).await;
    let first = log_in(server, "admin", PASSWORD).await;
    assert_eq!(first.status(), StatusCode::ACCEPTED);
    let wanted: SecondFactorWanted = first.json().await.unwrap();
    give(server, &wanted.token, code).await
}

/// The same: only its status.
async fn sign_in(app: &TestApp, server: &Client, code: &str) -> StatusCode {
    second_step(app, server, code).await.status()
}

async fn is_in(server: &Client, access: &str) -> bool {
    let answer = server.with_token(access).get("/api/account").await;
    answer.status() == StatusCode::OK
}

/// The next pair of tokens for a refresh token.
async fn refreshed(server: &Client, refresh: &str) -> (String, String) {
    let given = json!({ "refresh_token": refresh });
    let anonymous = server.anonymous();
    let answer = anonymous.send(POST, "/api/auth/refresh", given).await;
    assert_eq!(answer.status(), StatusCode::OK);
    tokens(answer).await
}

/// A vault under its old key, with an authenticator app and an API key in it, and a sign-in.
async fn lived_in() -> (TestApp, App, (String, String)) {
    let app = TestApp::start().await;
    give_an_api_key(&app).await;
    let on = switch_on(&app, &app.client).await;
    // Afterwards: a second factor ends the sign-ins from before it.
    let pair = tokens(second_step(&app, &app.client, &on.code()).await).await;
    (app, on, pair)
}

#[tokio::test]
async fn nobody_is_locked_out_while_the_key_is_replaced() {
    let (mut app, on, (access, refresh)) = lived_in().await;
    let (old, both) = (app.environment.clone(), replacing(&app.environment));
    let alone = replaced(&old);

    let server = app.second_server(both.clone()).await;
    assert!(is_in(&server, &access).await, "the old key's tokens");
    assert_eq!(sign_in(&app, &server, &on.code()).await, StatusCode::OK);
    assert!(rotate(&both).await.0);
    assert_eq!(sign_in(&app, &server, &on.code()).await, StatusCode::OK);

    let server = app.second_server(alone.clone()).await;
    assert_eq!(sign_in(&app, &server, &on.code()).await, StatusCode::OK);
    assert!(!is_in(&server, &access).await, "the old key is over");
    // Whoever was away all the time is not asked to sign in again.
    let (access, _) = refreshed(&server, &refresh).await;
    assert!(is_in(&server, &access).await);
    let server = app.second_server(old).await;
    assert!(!is_in(&server, &access).await, "the new key is another");
    assert_ne!(sign_in(&app, &server, &on.code()).await, StatusCode::OK);
}

#[tokio::test]
async fn the_command_says_how_everything_stands() {
    let (app, _, _) = lived_in().await;
    let (both, alone) = (replacing(&app.environment), replaced(&app.environment));
    let (well, said) = rotate(&app.environment).await;
    assert!(well && said.contains(&counted(0, 2, 0)), "{said}");

    // Too early: the key is changed, and the one before is not given.
    let (well, said) = rotate(&alone).await;
    assert!(!well && said.contains(&counted(0, 0, 2)), "{said}");
    for what in [
        "the API key of openai",
        "the secret of an authenticator app",
    ] {
        assert!(
            said.contains(&format!(": {what} can't be opened")),
            "{said}"
        );
    }
    assert!(!said.contains("take SECRET_KEY_PREVIOUS away"), "{said}");

    let (well, said) = rotate(&both).await;
    assert!(well && said.contains(&counted(2, 0, 0)), "{said}");
    assert!(said.contains("take SECRET_KEY_PREVIOUS away"), "{said}");
    let (well, said) = rotate(&both).await;
    assert!(well && said.contains(&counted(0, 2, 0)), "{said}");
    let (well, said) = rotate(&alone).await;
    assert!(well && said.contains(&counted(0, 2, 0)), "{said}");
    assert!(said.contains("SECRET_KEY_PREVIOUS is not set"), "{said}");
}

/// An old key that is taken away too early locks apps out, but nobody with a recovery code.
#[tokio::test]
async fn an_old_key_is_of_no_use_once_it_is_gone() {
    let (mut app, on, (access, _)) = lived_in().await;
    let server = app.second_server(replaced(&app.environment)).await;
    assert!(is_in(&app.client, &access).await, "a good one");
    problem(server.with_token(&access).get("/api/account").await, 401).await;
    assert_eq!(
        sign_in(&app, &server, &on.code()).await,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(sign_in(&app, &server, &on.codes[0]).await, StatusCode::OK);
}

/// Several servers get the new key one after the other: first all learn it, then all use it.
#[tokio::test]
async fn servers_on_both_sides_of_the_change_understand_each_other() {
    let (mut app, on, _) = lived_in().await;
    let old_key = app.environment["SECRET_KEY"].clone();
    let learns = with(&app.environment, &old_key, NEW_KEY);
    let uses = with(&app.environment, NEW_KEY, &old_key);
    let (before, after) = (
        app.second_server(learns).await,
        app.second_server(uses.clone()).await,
    );
    for sealed_anew in [false, true] {
        if sealed_anew {
            assert!(rotate(&uses).await.0);
        }
        for (one, other) in [(&before, &after), (&after, &before)] {
            some_time_later(&app).await;
            let first = log_in(one, "admin", PASSWORD).await;
            let wanted: SecondFactorWanted = first.json().await.unwrap();
            let second = give(other, &wanted.token, &on.code()).await;
            assert_eq!(second.status(), StatusCode::OK);
            let (access, _) = tokens(second).await;
            assert!(is_in(one, &access).await && is_in(other, &access).await);
        }
    }
}

#[tokio::test]
async fn a_worker_seals_anew_when_it_starts() {
    let (mut app, _, _) = lived_in().await;
    let alone = replaced(&app.environment);
    assert!(!rotate(&alone).await.0);
    app.environment = replacing(&app.environment);
    app.start_worker();
    until(
        "everything to open under the new key",
        PATIENCE,
        async || Ok(rotate(&alone).await.0.then_some(())),
    )
    .await
    .unwrap();
    app.stop().await;
}
