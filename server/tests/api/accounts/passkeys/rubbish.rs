//! Whatever is sent in place of a passkey, the vault does not stumble.

use super::{add, authenticator, vault};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use std::collections::HashMap;
use testkit::{PASSWORD, POST, Setup, TestApp};

const CASES: usize = 60;

/// Any JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[A-Za-z0-9_-]{0,200}".prop_map(Value::from),
        Just(Value::from("\0")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names =
            "id|rawId|type|response|clientDataJSON|attestationObject|userHandle|[a-z\\x00]{1,4}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..4)
                .prop_map(|map: HashMap<String, Value>| json!(map)),
        ]
    })
}

/// What is done to a right answer.
#[derive(Clone, Debug)]
enum Harm {
    Replace(Value),
    Part(prop::sample::Index, Value),
    Byte(prop::sample::Index, prop::sample::Index, char),
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        any_json().prop_map(Harm::Replace),
        (place(), any_json()).prop_map(|(part, with)| Harm::Part(part, with)),
        (place(), place(), "[A-Za-z0-9_-]")
            .prop_map(|(part, at, to)| { Harm::Byte(part, at, to.chars().next().unwrap_or('A')) }),
    ]
}

const PARTS: [&str; 9] = [
    "/id",
    "/rawId",
    "/type",
    "/clientExtensionResults",
    "/response",
    "/response/clientDataJSON",
    "/response/authenticatorData",
    "/response/signature",
    "/response/attestationObject",
];

fn chosen<'a>(parts: &[&'a str], which: &prop::sample::Index) -> &'a str {
    parts[which.index(parts.len())]
}

fn harmed(mut answer: Value, harm: &Harm) -> Value {
    let there: Vec<&str> = PARTS
        .into_iter()
        .filter(|part| answer.pointer(part).is_some())
        .collect();
    match harm {
        Harm::Replace(with) => answer = with.clone(),
        Harm::Part(part, with) => {
            *answer.pointer_mut(chosen(&there, part)).unwrap() = with.clone();
        }
        Harm::Byte(part, at, to) => {
            let part = answer.pointer_mut(chosen(&there, part)).unwrap();
            if let Some(text) = part.as_str().filter(|text| !text.is_empty()) {
                let mut text: Vec<char> = text.chars().collect();
                *at.get_mut(&mut text) = *to;
                *part = text.into_iter().collect::<String>().into();
            }
        }
    }
    answer
}

/// Harms to try, drawn anew in every run.
fn harms() -> Vec<Harm> {
    let mut runner = TestRunner::default();
    let harm = harm();
    (0..CASES)
        .map(|_| harm.new_tree(&mut runner).unwrap().current())
        .collect()
}

async fn status(app: &TestApp, path: &str, number: usize, body: &Value) -> u16 {
    // Each from another address: tries are counted.
    let sent = app
        .client
        .request(POST, path)
        .header("x-forwarded-for", format!("203.0.113.{number}"))
        .json(body)
        .send()
        .await
        .unwrap();
    sent.status().as_u16()
}

#[tokio::test]
async fn rubbish_for_a_new_passkey_is_refused() {
    let app = vault().await;
    for harm in harms() {
        let asked = super::begin(&app.client).await;
        let (_, credential) = authenticator(&app).create(&asked["options"]);
        let harmed = harmed(credential, &harm);
        let answer = super::create(&app.client, &asked, harmed).await;
        // The id and the extensions are not what counts; without them it is still a passkey.
        let status = answer.status().as_u16();
        assert!(matches!(status, 201 | 409 | 422), "{status}: {harm:?}");
        app.database.execute("DELETE FROM passkeys").await;
    }
}

#[tokio::test]
async fn rubbish_for_a_sign_in_is_refused() {
    let app = Setup::default()
        .at_a_name()
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .start()
        .await;
    let (mut key, _) = add(&app, &app.client).await;
    for (number, harm) in harms().into_iter().enumerate() {
        let path = "/api/auth/passkey/options";
        let asked = app
            .client
            .request(POST, path)
            .header("x-forwarded-for", format!("203.0.113.{number}"))
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        let asked: Value = asked.json().await.unwrap();
        let credential = authenticator(&app).get(&mut key, &asked["options"]);
        let given = json!({
            "ceremony": asked["ceremony"],
            "credential": harmed(credential, &harm),
        });
        let status = status(&app, "/api/auth/passkey", number, &given).await;
        assert!(matches!(status, 200 | 401), "{status}: {harm:?}");
    }
    let wrong = json!({ "password": PASSWORD, "credential": [] });
    assert_eq!(status(&app, "/api/auth/passkey", 250, &wrong).await, 422);
}
