//! Opaque tokens: random text that means nothing by itself and is looked up by its hash.
//!
//! A token is a prefix that tells what it is for, 32 random bytes and 4 bytes of checksum, in
//! base64url. The prefix lets a leaked one be recognised; the checksum keeps rubbish from the database
//! and proves nothing else. With 256 random bits a plain SHA-256 is enough to store it: there is
//! nothing to guess, so nothing has to be slow.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt;

const RANDOM_BYTES: usize = 32;
const CHECK_BYTES: usize = 4;
/// 36 bytes in base64: no padding and no bits to spare, so that one token has one text.
const BODY_CHARACTERS: usize = 48;
const HINT_CHARACTERS: usize = 8;

/// What a token is for. A token of one kind is never accepted as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Brings a new access token to a session.
    Refresh,
    /// A person's own programs.
    Api,
    /// Makes the first account.
    Setup,
    /// Makes an account while registration is closed.
    Invite,
    /// Sets a new password.
    PasswordReset,
    /// Confirms a new address.
    EmailChange,
    /// Goes on from a right password to the second factor.
    SecondFactor,
}

impl TokenKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Refresh,
        Self::Api,
        Self::Setup,
        Self::Invite,
        Self::PasswordReset,
        Self::EmailChange,
        Self::SecondFactor,
    ];

    /// What its tokens begin with. All are of one length.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "dvr_",
            Self::Api => "dva_",
            Self::Setup => "dvs_",
            Self::Invite => "dvi_",
            Self::PasswordReset => "dvp_",
            Self::EmailChange => "dve_",
            Self::SecondFactor => "dvf_",
        }
    }

    /// The kind that a text claims to be by its prefix. Says nothing about whether it is a token.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| text.starts_with(kind.prefix()))
    }
}

/// A token in the clear: given to its holder once, never stored.
#[derive(Clone)]
pub struct OpaqueToken {
    kind: TokenKind,
    text: SecretString,
}

impl OpaqueToken {
    /// Draws a new one.
    pub fn generate(kind: TokenKind) -> Self {
        let random: [u8; RANDOM_BYTES] = rand::random();
        let body = [random.as_slice(), &checksum(kind, &random)].concat();
        let text = format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(body));
        Self {
            kind,
            text: text.into(),
        }
    }

    /// Reads a token of the given kind; `None` for what can't be one.
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let body = text.strip_prefix(kind.prefix())?;
        if body.len() != BODY_CHARACTERS {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
        let (random, check) = bytes.split_at_checked(RANDOM_BYTES)?;
        (check == checksum(kind, random)).then(|| Self {
            kind,
            text: text.into(),
        })
    }

    /// What it is for.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The text for its holder.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// What is stored and looked up.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.expose()).into())
    }

    /// The beginning, by which a person tells tokens apart in a list. Gives away 24 of 256 bits.
    pub fn hint(&self) -> &str {
        let text = self.expose();
        text.get(..HINT_CHARACTERS).unwrap_or(text)
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpaqueToken({:?}, redacted)", self.kind)
    }
}

/// The prefix is part of it: a token under another prefix is none.
fn checksum(kind: TokenKind, random: &[u8]) -> [u8; CHECK_BYTES] {
    let digest = Sha256::new()
        .chain_update(kind.prefix())
        .chain_update(random)
        .finalize();
    let mut check = [0; CHECK_BYTES];
    check
        .iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    check
}

/// The SHA-256 of a token's whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The bytes, for storing.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn a_token_reads_back_as_its_own_kind_only() {
        for kind in TokenKind::ALL {
            let token = OpaqueToken::generate(kind);
            assert_eq!(token.expose().len(), 52);
            assert_eq!(TokenKind::of(token.expose()), Some(kind));
            for other in TokenKind::ALL {
                let read = OpaqueToken::parse(other, token.expose());
                assert_eq!(read.is_some(), other == kind);
                let body = token.expose().strip_prefix(kind.prefix()).unwrap();
                let renamed = format!("{}{body}", other.prefix());
                assert_eq!(OpaqueToken::parse(other, &renamed).is_some(), other == kind);
            }
            let read = OpaqueToken::parse(kind, token.expose()).unwrap();
            assert_eq!(read.hash(), token.hash());
            assert_eq!(read.kind(), kind);
        }
    }

    #[test]
    fn prefixes_differ_and_are_four_characters() {
        let prefixes: HashSet<&str> = TokenKind::ALL.map(TokenKind::prefix).into();
        assert_eq!(prefixes.len(), TokenKind::ALL.len());
        assert!(prefixes.iter().all(|prefix| prefix.len() == 4));
    }

    #[test]
    fn no_two_tokens_are_the_same() {
        let tokens: HashSet<TokenHash> = (0..100)
            .map(|_| OpaqueToken::generate(TokenKind::Api).hash())
            .collect();
        assert_eq!(tokens.len(), 100);
    }

    #[test]
    fn the_hash_is_that_of_the_whole_text() {
        let token = OpaqueToken::generate(TokenKind::Refresh);
        let expected: [u8; 32] = Sha256::digest(token.expose().as_bytes()).into();
        assert_eq!(token.hash().as_bytes(), expected);
    }

    #[test]
    fn debug_shows_nothing_and_the_hint_little() {
        let token = OpaqueToken::generate(TokenKind::Api);
        assert_eq!(format!("{token:?}"), "OpaqueToken(Api, redacted)");
        assert_eq!(token.hint().len(), 8);
        assert!(token.expose().starts_with(token.hint()));
        assert!(token.hint().starts_with("dva_"));
    }

    proptest! {
        #[test]
        fn rubbish_is_no_token(text in "(dv[raspief]_)?\\PC{0,60}") {
            for kind in TokenKind::ALL {
                prop_assert!(OpaqueToken::parse(kind, &text).is_none());
            }
        }

        #[test]
        fn a_changed_character_is_noticed(at in 0_usize..52, to in "[a-zA-Z0-9_-]") {
            let token = OpaqueToken::generate(TokenKind::Invite);
            let mut text = token.expose().to_owned();
            prop_assume!(text[at..=at] != to);
            text.replace_range(at..=at, &to);
            prop_assert!(OpaqueToken::parse(TokenKind::Invite, &text).is_none());
        }

        #[test]
        fn a_cut_or_padded_token_is_none(keep in 0_usize..52, more in "[a-zA-Z0-9=]{1,8}") {
            let token = OpaqueToken::generate(TokenKind::Setup);
            let text = token.expose();
            prop_assert!(OpaqueToken::parse(TokenKind::Setup, &text[..keep]).is_none());
            let longer = [text, &more].concat();
            prop_assert!(OpaqueToken::parse(TokenKind::Setup, &longer).is_none());
        }
    }
}
