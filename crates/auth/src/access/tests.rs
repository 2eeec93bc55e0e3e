use super::*;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);
const SESSION: Uuid = Uuid::from_u128(1);
const USER: Uuid = Uuid::from_u128(2);

fn secret(letter: &str) -> SecretString {
    SecretString::from(letter.repeat(32))
}

fn tokens() -> AccessTokens {
    AccessTokens::new(&secret("a"), None, "https://vault.example".to_owned()).unwrap()
}

/// A token made by hand, under the right key, so that only what a test changes can be refused.
fn forge(header: &Value, body: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(body));
    let key = derive(&secret("a")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(message.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{message}.{signature}")
}

fn header() -> Value {
    json!({"typ": "JWT", "alg": "HS256", "kid": tokens().current.id})
}

fn body() -> Value {
    let now = NOW.unix_timestamp();
    json!({
        "iss": "https://vault.example", "aud": "docuvault", "sub": USER, "sid": SESSION,
        "iat": now, "nbf": now, "exp": now + 600,
    })
}

fn verify(header: &Value, body: &Value) -> Result<Claims, Refused> {
    tokens().verify(&forge(header, body), NOW)
}

fn with(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}

#[test]
fn a_token_speaks_for_its_session() {
    let (token, expires) = tokens().issue(SESSION, USER, NOW).unwrap();
    let claims = Claims {
        session: SESSION,
        user: USER,
    };
    assert_eq!(tokens().verify(&token, NOW), Ok(claims));
    assert_eq!(expires, NOW + LIFETIME);
    assert_eq!(verify(&header(), &body()), Ok(claims));
}

#[test]
fn a_token_is_good_for_ten_minutes() {
    let (token, expires) = tokens().issue(SESSION, USER, NOW).unwrap();
    let at = |time| tokens().verify(&token, time).map(|_| ());
    assert_eq!(at(expires - Duration::SECOND), Ok(()));
    assert_eq!(at(expires), Err(Refused::Expired));
    assert_eq!(at(expires + Duration::days(365)), Err(Refused::Expired));
}

#[test]
fn a_token_from_the_future_is_not_valid() {
    let at = |seconds| {
        let (token, _) = tokens()
            .issue(SESSION, USER, NOW + Duration::seconds(seconds))
            .unwrap();
        tokens().verify(&token, NOW).map(|_| ())
    };
    assert_eq!(at(5), Ok(()));
    assert_eq!(at(6), Err(Refused::Invalid));
}

#[test]
fn no_other_algorithm_is_accepted() {
    for algorithm in [
        "none", "None", "HS384", "HS512", "RS256", "ES256", "EdDSA", "",
    ] {
        let header = with(header(), "alg", json!(algorithm));
        assert_eq!(
            verify(&header, &body()),
            Err(Refused::Invalid),
            "{algorithm}"
        );
    }
    let mut header = Header::new(Algorithm::HS512);
    header.kid = Some(tokens().current.id);
    let token = encode(&header, &body(), &tokens().current.signs).unwrap();
    assert_eq!(tokens().verify(&token, NOW), Err(Refused::Invalid));
}

#[test]
fn an_unsigned_token_is_not_valid() {
    for algorithm in ["none", "HS256"] {
        let token = forge(&with(header(), "alg", json!(algorithm)), &body());
        let (message, _) = token.rsplit_once('.').unwrap();
        for unsigned in [format!("{message}."), message.to_owned()] {
            assert_eq!(tokens().verify(&unsigned, NOW), Err(Refused::Invalid));
        }
    }
}

#[test]
fn the_key_is_named_and_known() {
    for id in [json!("00000000"), json!(""), json!(null), json!(7)] {
        let header = with(header(), "kid", id.clone());
        assert_eq!(verify(&header, &body()), Err(Refused::Invalid), "{id}");
    }
    let unnamed = json!({"typ": "JWT", "alg": "HS256"});
    assert_eq!(verify(&unnamed, &body()), Err(Refused::Invalid));
}

#[test]
fn every_claim_is_required_and_of_its_type() {
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp"] {
        let mut without = body();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(verify(&header(), &without), Err(Refused::Invalid), "{name}");
        for value in [json!(null), json!([body()[name]]), json!({}), json!(true)] {
            let changed = with(body(), name, value);
            assert_eq!(
                verify(&header(), &changed),
                Err(Refused::Invalid),
                "{changed}"
            );
        }
    }
}

#[test]
fn other_values_are_not_valid() {
    let now = NOW.unix_timestamp();
    for (name, value) in [
        ("aud", json!("other")),
        ("aud", json!(["docuvault", "other"])),
        ("iss", json!("https://other.example")),
        ("iss", json!("")),
        ("sub", json!("admin")),
        ("nbf", json!(now + 60)),
        ("nbf", json!(now - 60)),
        ("iat", json!(now - 60)),
        ("exp", json!(now + 601)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(-1)),
        ("exp", json!(now)),
        ("exp", json!(1e300)),
    ] {
        let changed = with(body(), name, value);
        assert_eq!(
            verify(&header(), &changed),
            Err(Refused::Invalid),
            "{changed}"
        );
    }
}

#[test]
fn a_changed_payload_is_noticed() {
    let (token, _) = tokens().issue(SESSION, USER, NOW).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let other = with(body(), "sub", json!(Uuid::from_u128(3)));
    let payload = URL_SAFE_NO_PAD.encode(other.to_string());
    let changed = format!("{}.{payload}.{}", parts[0], parts[2]);
    assert_eq!(tokens().verify(&changed, NOW), Err(Refused::Invalid));
}

#[test]
fn the_previous_secret_verifies_until_it_is_dropped() {
    let issuer = || "https://vault.example".to_owned();
    let (token, _) = tokens().issue(SESSION, USER, NOW).unwrap();
    let rotated = AccessTokens::new(&secret("b"), Some(&secret("a")), issuer()).unwrap();
    assert!(rotated.verify(&token, NOW).is_ok());
    let (new, _) = rotated.issue(SESSION, USER, NOW).unwrap();
    assert_eq!(tokens().verify(&new, NOW), Err(Refused::Invalid));
    let dropped = AccessTokens::new(&secret("b"), None, issuer()).unwrap();
    assert_eq!(dropped.verify(&token, NOW), Err(Refused::Invalid));
    assert!(dropped.verify(&new, NOW).is_ok());
}

#[test]
fn the_key_is_derived_and_its_name_gives_nothing_away() {
    let key = derive(&secret("a")).unwrap();
    assert_ne!(key.as_slice(), "a".repeat(32).as_bytes());
    let name = tokens().current.id;
    assert_eq!(name.len(), 8);
    assert!(!hex::encode(key).contains(&name));
    assert!(!hex::encode(Sha256::digest("a".repeat(32))).starts_with(&name));
    let shown = format!("{:?}", tokens());
    assert_eq!(
        shown,
        "AccessTokens { issuer: \"https://vault.example\", .. }"
    );
}

#[test]
fn a_very_long_text_is_not_read() {
    let long = with(header(), "x", json!("x".repeat(LONGEST)));
    assert_eq!(verify(&long, &body()), Err(Refused::Invalid));
    let shorter = with(header(), "x", json!("x".repeat(64)));
    assert!(verify(&shorter, &body()).is_ok());
}

proptest! {
    #[test]
    fn no_text_is_a_token(text in "\\PC{0,200}") {
        prop_assert_eq!(tokens().verify(&text, NOW), Err(Refused::Invalid));
    }

    #[test]
    fn three_parts_are_not_enough(
        head in proptest::collection::vec(any::<u8>(), 0..60),
        middle in proptest::collection::vec(any::<u8>(), 0..60),
        signature in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let right = URL_SAFE_NO_PAD.encode(header().to_string());
        for first in [part(&head), right] {
            let text = format!("{first}.{}.{}", part(&middle), part(&signature));
            prop_assert_eq!(tokens().verify(&text, NOW), Err(Refused::Invalid));
        }
    }

    /// A character of base64 that only fills up may change without a change of meaning, so the bytes
    /// are changed.
    #[test]
    fn a_changed_bit_of_the_signature_is_noticed(bit in 0_usize..256) {
        let (token, _) = tokens().issue(SESSION, USER, NOW).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let changed = format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes));
        prop_assert_eq!(tokens().verify(&changed, NOW), Err(Refused::Invalid));
    }
}
