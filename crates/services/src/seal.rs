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

fn cipher(secret: &SecretString) -> Result<XChaCha20Poly1305, Broken> {
    let mut key = [0_u8; 32];
    Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes())
        .expand(KEY_INFO, &mut key)
        .map_err(|_| Broken)?;
    XChaCha20Poly1305::new_from_slice(&key).map_err(|_| Broken)
}

/// Seals a value for a context (whose, what for): nonce, then ciphertext with its tag.
pub(crate) fn seal(secret: &SecretString, context: &str, value: &str) -> Result<Vec<u8>, Broken> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let payload = Payload {
        msg: value.as_bytes(),
        aad: context.as_bytes(),
    };
    let sealed = cipher(secret)?
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| Broken)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made for the same context.
pub(crate) fn open(
    secret: &SecretString,
    context: &str,
    sealed: &[u8],
) -> Result<SecretString, Broken> {
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

    #[test]
    fn a_sealed_value_opens_only_with_its_secret_and_context() {
        let secret = SecretString::from("a".repeat(32));
        let sealed = seal(&secret, "openai", "sk-123").unwrap();
        assert_eq!(
            open(&secret, "openai", &sealed).unwrap().expose_secret(),
            "sk-123"
        );
        assert!(open(&secret, "anthropic", &sealed).is_err());
        assert!(open(&SecretString::from("b".repeat(32)), "openai", &sealed).is_err());
        assert!(!sealed.windows(6).any(|window| window == b"sk-123"));
    }

    #[test]
    fn damage_is_noticed() {
        let secret = SecretString::from("a".repeat(32));
        let mut sealed = seal(&secret, "openai", "sk-123").unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        assert!(open(&secret, "openai", &sealed).is_err());
        assert!(open(&secret, "openai", &sealed[..10]).is_err());
    }
}
