//! How many bytes there were, and their digest.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256, written in hexadecimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Digest(pub(crate) [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest)?;
        Ok(Self(digest))
    }
}

/// What bytes came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sum {
    /// How many.
    pub(crate) bytes: u64,
    /// Their digest.
    pub(crate) sha256: Digest,
}

/// Counts bytes and lines on their way, and hashes them.
#[derive(Default)]
pub(crate) struct Meter {
    bytes: u64,
    lines: u64,
    hasher: Sha256,
}

impl Meter {
    /// These have passed.
    pub(crate) fn take(&mut self, piece: &[u8]) {
        self.bytes += piece.len() as u64;
        self.lines += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.hasher.update(piece);
    }

    /// How many lines have ended.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// What they come to.
    pub(crate) fn sum(&self) -> Sum {
        Sum {
            bytes: self.bytes,
            sha256: Digest(self.hasher.clone().finalize().into()),
        }
    }
}
