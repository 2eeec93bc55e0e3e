//! What an export says about `SECRET_KEY` without giving it away: a value to know it by, and a seal over
//! the manifest.

use crate::{Error, meter::Digest};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Names the value that tells whether a key is the export's.
const CHECK: &[u8] = b"docuvault export check v1";

/// Names the key of the seal.
const SEAL: &[u8] = b"docuvault export seal v1";

fn derived(secret: &SecretString, label: &[u8]) -> Result<[u8; 32], Error> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes())
        .expand(label, &mut key)
        .map_err(|_| Error::Refused("No key can be derived from SECRET_KEY.".to_owned()))?;
    Ok(key)
}

/// A value that only this key has, and that says nothing else about it.
pub(crate) fn check_value(secret: &SecretString) -> Result<Digest, Error> {
    derived(secret, CHECK).map(Digest)
}

fn mac(secret: &SecretString, bytes: &[u8]) -> Result<Hmac<Sha256>, Error> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&derived(secret, SEAL)?)
        .map_err(|_| Error::Refused("No key can be derived from SECRET_KEY.".to_owned()))?;
    mac.update(bytes);
    Ok(mac)
}

/// The seal over these bytes.
pub(crate) fn seal(secret: &SecretString, bytes: &[u8]) -> Result<Digest, Error> {
    Ok(Digest(mac(secret, bytes)?.finalize().into_bytes().into()))
}

/// Whether that is the seal over these bytes.
pub(crate) fn is_sealed(secret: &SecretString, bytes: &[u8], seal: Digest) -> Result<bool, Error> {
    Ok(mac(secret, bytes)?.verify_slice(&seal.0).is_ok())
}
