//! Codes from an authenticator app: TOTP (RFC 6238) with SHA-1, six digits and thirty seconds, which is
//! what every app supports.
//!
//! SHA-1 is sound here: HMAC does not lean on collisions being hard to find.

mod qr;

pub use qr::{Qr, qr};

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha1::Sha1;
use std::fmt;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

const SECRET_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;

/// The secret that a person's app and the vault share.
#[derive(Clone)]
pub struct Totp(SecretSlice<u8>);

impl Totp {
    /// Draws a new secret of 160 bits.
    pub fn generate() -> Self {
        let secret: [u8; SECRET_BYTES] = rand::random();
        Self(secret.to_vec().into())
    }

    /// Reads what [`Totp::base32`] gave; `None` for anything else.
    pub fn from_base32(secret: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
        (bytes.len() == SECRET_BYTES).then(|| Self(bytes.into()))
    }

    /// The secret as text: to be sealed and stored, and for typing where no picture can be scanned.
    pub fn base32(&self) -> SecretString {
        BASE32_NOPAD.encode(self.0.expose_secret()).into()
    }

    /// The address that an app reads from the QR code. It holds the secret.
    pub fn provisioning_uri(&self, issuer: &str, account: &str) -> String {
        let issuer = escape(issuer);
        format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            escape(account),
            self.base32().expose_secret(),
        )
    }

    /// Checks a code; the answer is the time step it belongs to, which is to be stored.
    ///
    /// The step before and the next are accepted for clocks that are a little off. `last_step` is the
    /// step stored last: that one and all before it are refused, so that a code works once.
    pub fn check(&self, code: &str, now: OffsetDateTime, last_step: Option<i64>) -> Option<i64> {
        let code = six_digits(code)?;
        let present = step_at(now);
        // The latest first, so that what is stored covers every step with this very code.
        (present - 1..=present + 1)
            .rev()
            .filter(|step| last_step.is_none_or(|last| *step > last))
            .find(|step| {
                self.code(*step)
                    .is_some_and(|expected| expected.as_bytes().ct_eq(code.as_bytes()).into())
            })
    }

    /// The code that an app shows at a time; `None` before 1970.
    pub fn code_at(&self, time: OffsetDateTime) -> Option<String> {
        self.code(step_at(time))
    }

    fn code(&self, step: i64) -> Option<String> {
        let counter = u64::try_from(step).ok()?;
        Some(format!("{:06}", hotp(self.0.expose_secret(), counter)?))
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Totp(redacted)")
    }
}

fn step_at(time: OffsetDateTime) -> i64 {
    time.unix_timestamp().div_euclid(STEP_SECONDS)
}

/// RFC 4226, section 5.3: four bytes of the HMAC, chosen by its last byte, without the sign.
fn hotp(secret: &[u8], counter: u64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&counter.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last()? & 0x0f);
    let four = digest.get(offset..)?.first_chunk::<4>()?;
    Some((u32::from_be_bytes(*four) & 0x7fff_ffff) % 1_000_000)
}

/// Apps show `123 456`, so spaces are ignored.
fn six_digits(code: &str) -> Option<String> {
    let digits: String = code
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(DIGITS + 1)
        .collect();
    (digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Percent-encoding, not that of forms: apps show a `+` as it is. A colon separates issuer and account
/// even when it is encoded, so there is none in either.
fn escape(text: &str) -> String {
    text.bytes()
        .filter(|byte| *byte != b':')
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests;
