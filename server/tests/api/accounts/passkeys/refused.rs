//! What is wrong with a passkey is told to the log, and to nobody else.

use super::{add, answer, ask, authenticator, begin, create, sign_in, vault};
use crate::support::problem;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use testkit::{Authenticator, DELETE, PASSWORD, POST, SoftKey, TestApp};

const REFUSED: &str = "SELECT coalesce(metadata->>'note', '') FROM audit_log
                        WHERE event_type = 'session.refused' ORDER BY id";

/// Refused with the one answer that there is.
async fn is_refused(response: Response) {
    assert_eq!(problem(response, 401).await.code, "passkey_refused");
}

/// Browsers and authenticators that do something wrong.
fn wrong_ones(app: &TestApp) -> [Authenticator; 5] {
    let honest = authenticator(app);
    let at = |origin: &str| Authenticator {
        origin: origin.to_owned(),
        ..honest.clone()
    };
    [
        at("https://evil.test"),
        at("http://localhost:1"),
        at(&app.client.base.replace("http:", "https:")),
        Authenticator {
            rp_id: Some("evil.test".to_owned()),
            ..honest.clone()
        },
        Authenticator {
            user_verified: false,
            ..honest
        },
    ]
}

#[tokio::test]
async fn origin_name_and_verification_are_checked_when_one_is_made() {
    let app = vault().await;
    for wrong in wrong_ones(&app) {
        let asked = begin(&app.client).await;
        let (_, credential) = wrong.create(&asked["options"]);
        let refused = create(&app.client, &asked, credential).await;
        let refused = problem(refused, 422).await;
        assert_eq!(refused.errors[0].loc, ["body", "credential"], "{wrong:?}");
    }
    let kept = "SELECT count(*) FROM passkeys";
    assert_eq!(app.database.number(kept).await, 0);
}

#[tokio::test]
async fn origin_name_and_verification_are_checked_when_one_is_used() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    for wrong in wrong_ones(&app) {
        let asked = ask(&app).await;
        let credential = wrong.get(&mut key, &asked["options"]);
        is_refused(answer(&app, &asked, credential).await).await;
    }
    assert_eq!(app.database.texts(REFUSED).await.len(), 5);
    assert_eq!(sign_in(&app, &mut key).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_signature_is_of_this_key_and_for_this_question() {
    let app = vault().await;
    let eve = app.person("eve").await;
    let (mut key, _) = add(&app, &app.client).await;
    let (mut eves, _) = add(&app, &eve).await;

    let (asked, other) = (ask(&app).await, ask(&app).await);
    let for_another = authenticator(&app).get(&mut key, &other["options"]);
    is_refused(answer(&app, &asked, for_another).await).await;

    // Eve's own key under the admin's name, and under the admin's name and id.
    eves.user = key.user.clone();
    is_refused(sign_in(&app, &mut eves).await).await;
    eves.id = key.id.clone();
    is_refused(sign_in(&app, &mut eves).await).await;

    key.user = None;
    is_refused(sign_in(&app, &mut key).await).await;
}

#[tokio::test]
async fn a_question_is_its_owners() {
    let app = vault().await;
    let eve = app.person("eve").await;
    let asked = begin(&app.client).await;
    let (_, credential) = authenticator(&app).create(&asked["options"]);
    let refused = create(&eve, &asked, credential.clone()).await;
    assert_eq!(
        problem(refused, 422).await.errors[0].loc,
        ["body", "ceremony"]
    );
    let taken = create(&app.client, &asked, credential).await;
    assert_eq!(taken.status(), StatusCode::CREATED);

    // A question for a new passkey is none for a sign-in, and the other way round.
    let (mut key, _) = add(&app, &eve).await;
    let mut asked = begin(&eve).await;
    asked["options"]["rpId"] = "localhost".into();
    let credential = authenticator(&app).get(&mut key, &asked["options"]);
    is_refused(answer(&app, &asked, credential).await).await;
    let mut asked = ask(&app).await;
    asked["options"]["rp"] = json!({ "id": "localhost" });
    asked["options"]["user"] = json!({ "id": key.user });
    let (_, credential) = authenticator(&app).create(&asked["options"]);
    problem(create(&eve, &asked, credential).await, 422).await;
}

#[tokio::test]
async fn a_counter_that_goes_back_is_refused_and_logged() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    key.counter = 41;
    assert_eq!(sign_in(&app, &mut key).await.status(), StatusCode::OK);
    for earlier in [41, 7, 0] {
        let mut copy = key.clone();
        copy.counter = earlier;
        is_refused(sign_in(&app, &mut copy).await).await;
    }
    let note = "with a passkey whose counter went back";
    assert_eq!(app.database.texts(REFUSED).await, [note; 3]);
    assert_eq!(sign_in(&app, &mut key).await.status(), StatusCode::OK);
}

/// A refused sign-in as the one who tries sees it.
async fn seen(app: &TestApp, key: &mut SoftKey) -> (String, String) {
    let problem = problem(sign_in(app, key).await, 401).await;
    (problem.code, problem.detail)
}

#[tokio::test]
async fn removed_disabled_and_unknown_ones_look_the_same() {
    let app = vault().await;
    let ada = app.person("ada").await;
    let grace = app.person("grace").await;
    let (mut removed, created) = add(&app, &ada).await;
    let path = format!("/api/account/passkeys/{}", created.passkey.id);
    let right = json!({ "password": PASSWORD });
    ada.send(DELETE, &path, right).await;
    let (mut disabled, _) = add(&app, &grace).await;
    app.database
        .execute("UPDATE users SET is_active = false WHERE handle = 'grace'")
        .await;
    let mut unknown = removed.clone();
    unknown.user = Some("AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let answers = [
        seen(&app, &mut removed).await,
        seen(&app, &mut disabled).await,
        seen(&app, &mut unknown).await,
    ];
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    // Told to Ada and Grace, and to nobody about an account that there is not.
    assert_eq!(app.database.texts(REFUSED).await, ["with a passkey"; 2]);
}

#[tokio::test]
async fn an_unknown_question_is_none() {
    let app = vault().await;
    let (mut key, _) = add(&app, &app.client).await;
    let mut asked = ask(&app).await;
    asked["ceremony"] = "00000000-0000-4000-8000-000000000000".into();
    let credential = authenticator(&app).get(&mut key, &asked["options"]);
    is_refused(answer(&app, &asked, credential.clone()).await).await;
    let given: Value = json!({ "ceremony": "x", "credential": credential });
    problem(app.client.send(POST, "/api/auth/passkey", given).await, 422).await;
}
