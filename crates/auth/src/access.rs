//! Access tokens: JWT (RFC 7519) signed with HMAC-SHA256, ten minutes long.
//!
//! Everything a token could choose for itself is pinned: the algorithm, the audience, the issuer and
//! the keys, which are derived from the vault's secrets by HKDF-SHA256 (RFC 5869). While a secret is
//! being replaced, tokens under the previous one are still accepted.

use hkdf::Hkdf;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use thiserror::Error;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long an access token is good.
pub const LIFETIME: Duration = Duration::minutes(10);

/// Names the derived key; a new layout gets a new name.
const KEY_INFO: &[u8] = b"docuvault access token v1";
const AUDIENCE: &str = "docuvault";
const ALGORITHM: Algorithm = Algorithm::HS256;
/// How far the clocks of two servers may be apart, in seconds. Counts for the beginning only.
const SKEW: i64 = 5;
/// Ours are far shorter; a longer text is refused before anything of it is read.
const LONGEST: usize = 4096;

/// Whom a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// The session that it was issued to.
    pub session: Uuid,
    /// The account.
    pub user: Uuid,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// It was ours and is over: a refresh brings a new one.
    #[error("the access token has expired")]
    Expired,
    /// It is not one of ours.
    #[error("the access token is not valid")]
    Invalid,
}

/// Why no tokens can be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccessError {
    /// No key can be derived from the secret.
    #[error("no key for access tokens can be derived")]
    Key,
    /// The token can't be signed.
    #[error("the access token can't be signed")]
    Signing,
}

/// Issues and verifies access tokens.
#[derive(Clone)]
pub struct AccessTokens {
    current: Key,
    previous: Option<Key>,
    issuer: String,
    validation: Validation,
}

impl AccessTokens {
    /// Derives the keys: the current secret signs, and both verify.
    ///
    /// # Errors
    /// When a key can't be derived.
    pub fn new(
        current: &SecretString,
        previous: Option<&SecretString>,
        issuer: String,
    ) -> Result<Self, AccessError> {
        Ok(Self {
            current: Key::of(current)?,
            previous: previous.map(Key::of).transpose()?,
            validation: validation(&issuer),
            issuer,
        })
    }

    /// Makes a token for a session; also says when it expires.
    ///
    /// # Errors
    /// When it can't be signed.
    pub fn issue(
        &self,
        session: Uuid,
        user: Uuid,
        now: OffsetDateTime,
    ) -> Result<(String, OffsetDateTime), AccessError> {
        let issued = now.unix_timestamp();
        let expires = issued.saturating_add(LIFETIME.whole_seconds());
        let body = Body {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            sid: session,
            iat: issued,
            nbf: issued,
            exp: expires,
        };
        let mut header = Header::new(ALGORITHM);
        header.kid = Some(self.current.id.clone());
        let token =
            encode(&header, &body, &self.current.signs).map_err(|_| AccessError::Signing)?;
        let expires =
            OffsetDateTime::from_unix_timestamp(expires).map_err(|_| AccessError::Signing)?;
        Ok((token, expires))
    }

    /// Verifies a token and says whom it speaks for.
    ///
    /// # Errors
    /// When it is not one of ours, or is over.
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Claims, Refused> {
        if token.len() > LONGEST {
            return Err(Refused::Invalid);
        }
        let header = decode_header(token).map_err(|_| Refused::Invalid)?;
        let key = header
            .kid
            .and_then(|id| self.key(&id))
            .ok_or(Refused::Invalid)?;
        decode::<Body>(token, &key.verifies, &self.validation)
            .map_err(|_| Refused::Invalid)?
            .claims
            .at(now.unix_timestamp())
    }

    fn key(&self, id: &str) -> Option<&Key> {
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|key| key.id == id)
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessTokens")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// The library compares times with the machine's clock; [`Body::at`] does it with the given one.
fn validation(issuer: &str) -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// What a token says, by the registered names. None may be left out, and none may be a list.
#[derive(Debug, Serialize, Deserialize)]
struct Body {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Body {
    fn at(&self, now: i64) -> Result<Claims, Refused> {
        let lifetime = self.exp.saturating_sub(self.iat);
        let latest_beginning = now.saturating_add(SKEW);
        let is_sound = (1..=LIFETIME.whole_seconds()).contains(&lifetime)
            && self.nbf == self.iat
            && self.iat <= latest_beginning;
        if !is_sound {
            return Err(Refused::Invalid);
        }
        if self.exp <= now {
            return Err(Refused::Expired);
        }
        Ok(Claims {
            session: self.sid,
            user: self.sub,
        })
    }
}

/// One derived key with the name that tokens call it by.
#[derive(Clone)]
struct Key {
    id: String,
    signs: EncodingKey,
    verifies: DecodingKey,
}

impl Key {
    fn of(secret: &SecretString) -> Result<Self, AccessError> {
        let key = derive(secret)?;
        Ok(Self {
            id: id(&key),
            signs: EncodingKey::from_secret(&key),
            verifies: DecodingKey::from_secret(&key),
        })
    }
}

fn derive(secret: &SecretString) -> Result<[u8; 32], AccessError> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes())
        .expand(KEY_INFO, &mut key)
        .map_err(|_| AccessError::Key)?;
    Ok(key)
}

/// From the derived key, so that the name gives nothing away about the secret.
fn id(key: &[u8; 32]) -> String {
    hex::encode(Sha256::digest(key)).chars().take(8).collect()
}

#[cfg(test)]
mod tests;
