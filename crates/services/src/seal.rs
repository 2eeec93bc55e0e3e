//! Secrets at rest: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under a key derived from the vault's
//! secret by HKDF-SHA256 (RFC 5869). What a sealed value belongs to is authenticated with it.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Names the derived key; a new layout gets a new name.
const KEY_INFO: &[u8] = b"docuvault sealed value v1";
const NONCE_BYTES: usize = 24;

/// The value can't be sealed or opened: another secret, another context, or damage.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// The secret that the vault's keys are derived from, and the one before it while it is being replaced.
pub struct SecretKeys {
    /// The one in use.
    pub current: SecretString,
    /// What it replaces. What was sealed with it still opens, and is sealed anew by the worker.
    pub previous: Option<SecretString>,
}

fn cipher(secret: &SecretString) -> Result<XChaCha20Poly1305, Broken> {
    let mut key = [0_u8; 32];
    Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes())
        .expand(KEY_INFO, &mut key)
        .map_err(|_| Broken)?;
    XChaCha20Poly1305::new_from_slice(&key).map_err(|_| Broken)
}

/// Seals a value for a context (whose, what for): nonce, then ciphertext with its tag.
pub(crate) fn seal(keys: &SecretKeys, context: &str, value: &str) -> Result<Vec<u8>, Broken> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let payload = Payload {
        msg: value.as_bytes(),
        aad: context.as_bytes(),
    };
    let sealed = cipher(&keys.current)?
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| Broken)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made for the same context.
pub(crate) fn open(
    keys: &SecretKeys,
    context: &str,
    sealed: &[u8],
) -> Result<SecretString, Broken> {
    open_with(&keys.current, context, sealed).or_else(|broken| match &keys.previous {
        Some(previous) => open_with(previous, context, sealed),
        None => Err(broken),
    })
}

/// Which secret opens something sealed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OpensUnder {
    /// The one in use.
    Current,
    /// The one before. This is what has to be kept instead: the same, sealed with the one in use.
    Previous(Vec<u8>),
    /// None.
    Neither,
}

/// Looks which secret opens it.
pub(crate) fn opens_under(keys: &SecretKeys, context: &str, sealed: &[u8]) -> OpensUnder {
    if open_with(&keys.current, context, sealed).is_ok() {
        return OpensUnder::Current;
    }
    keys.previous
        .as_ref()
        .and_then(|previous| open_with(previous, context, sealed).ok())
        .and_then(|value| seal(keys, context, value.expose_secret()).ok())
        .map_or(OpensUnder::Neither, OpensUnder::Previous)
}

fn open_with(secret: &SecretString, context: &str, sealed: &[u8]) -> Result<SecretString, Broken> {
    let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(Broken)?;
    let payload = Payload {
        msg: body,
        aad: context.as_bytes(),
    };
    let opened = cipher(secret)?
        .decrypt(XNonce::from_slice(nonce), payload)
        .map_err(|_| Broken)?;
    String::from_utf8(opened)
        .map(SecretString::from)
        .map_err(|_| Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(current: &str) -> SecretKeys {
        SecretKeys {
            current: current.repeat(32).into(),
            previous: None,
        }
    }

    #[test]
    fn a_sealed_value_opens_only_with_its_secret_and_context() {
        let keys_a = keys("a");
        let sealed = seal(&keys_a, "openai", "sk-123").unwrap();
        let opened = open(&keys_a, "openai", &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "sk-123");
        assert!(open(&keys_a, "anthropic", &sealed).is_err());
        assert!(open(&keys("b"), "openai", &sealed).is_err());
        assert!(!sealed.windows(6).any(|window| window == b"sk-123"));
    }

    #[test]
    fn damage_is_noticed() {
        let keys = keys("a");
        let mut sealed = seal(&keys, "openai", "sk-123").unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        assert!(open(&keys, "openai", &sealed).is_err());
        assert!(open(&keys, "openai", &sealed[..10]).is_err());
    }

    #[test]
    fn what_the_previous_secret_sealed_opens_and_is_sealed_anew() {
        let (old, new) = (keys("a"), keys("b"));
        let sealed = seal(&old, "openai", "sk-123").unwrap();
        let both = SecretKeys {
            previous: Some(old.current),
            ..keys("b")
        };
        let opened = open(&both, "openai", &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "sk-123");

        let OpensUnder::Previous(anew) = opens_under(&both, "openai", &sealed) else {
            panic!("the previous secret does not open it")
        };
        let opened = open(&new, "openai", &anew).unwrap();
        assert_eq!(opened.expose_secret(), "sk-123");
        for (keys, context, sealed, expected) in [
            (&both, "openai", &anew, OpensUnder::Current),
            (&both, "anthropic", &sealed, OpensUnder::Neither),
            (&new, "openai", &sealed, OpensUnder::Neither),
        ] {
            assert_eq!(opens_under(keys, context, sealed), expected);
        }
    }
}
