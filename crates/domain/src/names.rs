//! Names and other short values people give, checked once when they come in.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A file's name as its owner knows it: never part of a path or an object key.
///
/// 1 to 255 characters, without path separators or control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 255;

    /// Takes the last component of what a browser sent.
    ///
    /// Some browsers send a whole path; control and bidirectional-override characters, which can
    /// make a name look like another one, are dropped.
    ///
    /// # Errors
    /// `Invalid` when nothing is left or the name is too long.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = last
            .chars()
            .filter(|c| !c.is_control() && !is_bidi_control(*c))
            .collect();
        let name = name.trim();
        if name.is_empty() || name == "." || name == ".." {
            return Err(Error::invalid(
                "file",
                "The file has no name. Give it one and upload it again.",
            ));
        }
        if name.chars().count() > Self::MAX_CHARS {
            return Err(Error::invalid(
                "file",
                "The file name is longer than 255 characters. Shorten it and upload it again.",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the last dot, in lower case; empty when there is none.
    pub fn extension(&self) -> String {
        match self.0.rsplit_once('.') {
            Some((stem, ext)) if !stem.is_empty() => ext.to_lowercase(),
            _ => String::new(),
        }
    }
}

pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A topic's name: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicName(String);

impl TopicName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 80;

    /// Takes a name, white space at its ends removed.
    ///
    /// # Errors
    /// `Invalid` when it is empty, too long or more than one line.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        let name = raw.trim();
        if name.is_empty() {
            return Err(Error::invalid("name", "Give the topic a name."));
        }
        if name.chars().count() > Self::MAX_CHARS {
            return Err(Error::invalid(
                "name",
                "A topic's name has at most 80 characters.",
            ));
        }
        if name.chars().any(char::is_control) {
            return Err(Error::invalid(
                "name",
                "A topic's name stands on one line, without control characters.",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a topic is about: at most 2,000 characters; the machine reads it too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicDescription(String);

impl TopicDescription {
    /// The longest description, in characters.
    pub const MAX_CHARS: usize = 2_000;

    /// Takes a description, white space at its ends removed.
    ///
    /// # Errors
    /// `Invalid` when it is too long or holds a NUL.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        let text = raw.trim();
        if text.chars().count() > Self::MAX_CHARS {
            return Err(Error::invalid(
                "description",
                "A description has at most 2,000 characters.",
            ));
        }
        if text.contains('\0') {
            return Err(Error::invalid(
                "description",
                "A description holds no NUL characters.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The description.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A colour, as `#rrggbb` in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Color(String);

impl Color {
    /// What a topic gets that names none.
    pub const DEFAULT: &str = "#6366f1";

    /// Takes `#rrggbb`.
    ///
    /// # Errors
    /// `Invalid` for anything else: the value goes into a style attribute.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        let hex = raw.strip_prefix('#').unwrap_or_default();
        if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::invalid(
                "color",
                "A colour is written as `#rrggbb`, for example `#6366f1`.",
            ));
        }
        Ok(Self(raw.to_ascii_lowercase()))
    }

    /// `#rrggbb`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Color {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

/// A SHA-256 digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}
