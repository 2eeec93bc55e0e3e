//! An authenticator in software: makes passkeys and signs with them as a browser with a phone does, or
//! wrongly when a test says so.
//!
//! WebAuthn Level 3 with ES256 and without attestation, which is all that the vault asks for.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HOLDS_NEW_KEY: u8 = 0x40;

/// A browser with an authenticator, on a page of some origin.
#[derive(Clone, Debug)]
pub struct Authenticator {
    /// Of the page that asks.
    pub origin: String,
    /// The name to sign for, in place of the one that was asked.
    pub rp_id: Option<String>,
    /// Whether somebody's finger, face or PIN was checked.
    pub user_verified: bool,
}

/// A passkey's private half.
#[derive(Clone, Debug)]
pub struct SoftKey {
    /// What the authenticator calls it.
    pub id: Vec<u8>,
    /// Whose it is, as the vault said; base64url.
    pub user: Option<String>,
    /// How often it was used.
    pub counter: u32,
    key: SigningKey,
}

impl Authenticator {
    /// An honest one, on a page of that origin.
    pub fn at(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            rp_id: None,
            user_verified: true,
        }
    }

    /// Makes a passkey (`navigator.credentials.create`): the key, and what the vault is told.
    ///
    /// # Panics
    /// When the options are not of the expected form.
    pub fn create(&self, options: &Value) -> (SoftKey, Value) {
        let seed = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        let key = SoftKey {
            id: Uuid::new_v4().into_bytes().to_vec(),
            user: Some(options["user"]["id"].as_str().unwrap().to_owned()),
            counter: 0,
            key: SigningKey::from_slice(&seed).unwrap(),
        };
        let answer = self.create_again(&key, options);
        (key, answer)
    }

    /// The same, with a key that was made before.
    ///
    /// # Panics
    /// When the options are not of the expected form.
    pub fn create_again(&self, key: &SoftKey, options: &Value) -> Value {
        let mut data = self.data(&options["rp"]["id"], HOLDS_NEW_KEY, key.counter);
        data.extend([0; 16]);
        data.extend(u16::try_from(key.id.len()).unwrap().to_be_bytes());
        data.extend(&key.id);
        data.extend(cose_key(&key.key));
        let client = self.client_data("webauthn.create", options);
        let mut answer = credential(key);
        answer["response"] = json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "attestationObject": URL_SAFE_NO_PAD.encode(attestation(&data)),
            "transports": ["internal"],
        });
        answer
    }

    /// Signs in with a passkey (`navigator.credentials.get`): what the vault is told.
    ///
    /// # Panics
    /// When the options are not of the expected form.
    pub fn get(&self, key: &mut SoftKey, options: &Value) -> Value {
        key.counter = key.counter.wrapping_add(1);
        let data = self.data(&options["rpId"], 0, key.counter);
        let client = self.client_data("webauthn.get", options);
        let signed = [data.clone(), Sha256::digest(&client).to_vec()].concat();
        let signature: Signature = key.key.sign(&signed);
        let mut answer = credential(key);
        answer["response"] = json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature.to_der().as_bytes()),
            "userHandle": key.user,
        });
        answer
    }

    fn data(&self, asked: &Value, flags: u8, counter: u32) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(asked.as_str().unwrap());
        let verified = if self.user_verified { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(USER_PRESENT | verified | flags);
        data.extend(counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }
}

fn credential(key: &SoftKey) -> Value {
    let id = URL_SAFE_NO_PAD.encode(&key.id);
    json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
    })
}

/// `{1: 2, 3: -7, -1: 1, -2: x, -3: y}` in CBOR: an ES256 key of COSE.
fn cose_key(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_encoded_point(false);
    let mut bytes = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    bytes.extend(point.x().unwrap());
    bytes.extend([0x22, 0x58, 0x20]);
    bytes.extend(point.y().unwrap());
    bytes
}

/// `{"fmt": "none", "attStmt": {}, "authData": data}` in CBOR.
fn attestation(data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
    bytes.push(u8::try_from(data.len()).unwrap());
    bytes.extend(data);
    bytes
}
