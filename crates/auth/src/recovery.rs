//! Recovery codes: ten codes on paper, each of which stands in once for a lost authenticator.
//!
//! A code has 16 characters, which are 80 random bits, so a plain SHA-256 is enough to store it: with
//! the ten of an account to hit and 10^11 guesses a second, the first hit would take tens of thousands
//! of years. (Ten characters, 50 bits, would take minutes.) The account is hashed along, so that
//! guesses can't be made against all accounts at once.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// How many codes a person gets.
pub const COUNT: usize = 10;

/// Crockford's base 32: no i, l, o, which are read as digits, and no u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHARACTERS: usize = 16;
const GROUP: usize = 4;
/// Names what is hashed; a new layout gets a new name.
const HASH_INFO: &[u8] = b"docuvault recovery code v1";

/// Draws a new set.
pub fn generate() -> Vec<RecoveryCode> {
    (0..COUNT).map(|_| RecoveryCode::draw()).collect()
}

/// A code in the clear: shown once, never stored.
#[derive(Clone)]
pub struct RecoveryCode(SecretString);

impl RecoveryCode {
    fn draw() -> Self {
        let random: [u8; CHARACTERS] = rand::random();
        let text: String = random
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter))
            .collect();
        Self(text.into())
    }

    /// Reads what a person typed; `None` for what can't be a code.
    ///
    /// Case, spaces and dashes don't matter, and the letters that look like digits are read as those.
    pub fn normalise(text: &str) -> Option<Self> {
        let code = text
            .chars()
            .filter(|c| !c.is_whitespace() && !is_dash(*c))
            .take(CHARACTERS + 1)
            .map(letter)
            .collect::<Option<String>>()?;
        (code.len() == CHARACTERS).then(|| Self(code.into()))
    }

    /// The code in groups, for its owner: `xxxx-xxxx-xxxx-xxxx`.
    pub fn display(&self) -> String {
        let mut text = String::with_capacity(CHARACTERS + CHARACTERS / GROUP);
        for (position, letter) in self.0.expose_secret().chars().enumerate() {
            if position > 0 && position % GROUP == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }

    /// What is stored and looked up, for the account that the code belongs to.
    pub fn hash(&self, user: Uuid) -> RecoveryHash {
        let digest = Sha256::new()
            .chain_update(HASH_INFO)
            .chain_update(user.as_bytes())
            .chain_update(self.0.expose_secret())
            .finalize();
        RecoveryHash(digest.into())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(redacted)")
    }
}

fn letter(c: char) -> Option<char> {
    let c = match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    let byte = u8::try_from(c).ok()?;
    ALPHABET.contains(&byte).then_some(c)
}

/// The dashes that word processors and phones make of a hyphen, too.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The hash of a code and its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecoveryHash(pub [u8; 32]);

impl RecoveryHash {
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

    const USER: Uuid = Uuid::from_u128(1);

    fn hash(text: &str) -> Option<RecoveryHash> {
        RecoveryCode::normalise(text).map(|code| code.hash(USER))
    }

    #[test]
    fn ten_different_codes_are_drawn() {
        let hashes: HashSet<_> = generate().iter().map(|code| code.hash(USER)).collect();
        assert_eq!(hashes.len(), 10);
    }

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        for code in generate() {
            let shown = code.display();
            assert_eq!(shown.len(), 19);
            let upper = shown.to_uppercase();
            for typed in [
                shown.clone(),
                shown.replace('-', ""),
                shown.replace('-', " "),
                shown.replace('-', "–"),
                format!(" {upper}\n"),
                upper.replace('0', "O").replace('1', "I"),
                shown.replace('1', "l").replace('0', "o"),
            ] {
                assert_eq!(hash(&typed), Some(code.hash(USER)), "{typed}");
            }
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in [
            "",
            "abcd-efgh-jkmn-pqr",
            "abcd-efgh-jkmn-pqrst",
            "abcd-efgh-jkmn-pqru",
            "abcd-efgh-jkmn-pqr!",
            "abcd_efgh_jkmn_pqrs",
            "äbcd-efgh-jkmn-pqrs",
        ] {
            assert!(RecoveryCode::normalise(text).is_none(), "{text}");
        }
        assert!(RecoveryCode::normalise("abcd-efgh-jkmn-pqrs").is_some());
    }

    #[test]
    fn the_hash_belongs_to_the_account() {
        let code = RecoveryCode::normalise("abcd-efgh-jkmn-pqrs").unwrap();
        assert_ne!(code.hash(USER), code.hash(Uuid::from_u128(2)));
        assert_eq!(format!("{code:?}"), "RecoveryCode(redacted)");
        let text = [HASH_INFO, USER.as_bytes(), b"abcdefghjkmnpqrs"].concat();
        let expected: [u8; 32] = Sha256::digest(text).into();
        assert_eq!(code.hash(USER).as_bytes(), expected);
    }

    #[test]
    fn every_letter_is_drawn() {
        let drawn: HashSet<char> = (0..100)
            .flat_map(|_| {
                RecoveryCode::draw()
                    .0
                    .expose_secret()
                    .chars()
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(
            drawn,
            ALPHABET.iter().map(|byte| char::from(*byte)).collect()
        );
    }

    proptest! {
        #[test]
        fn what_is_read_shows_and_reads_the_same(text in "[0-9a-zA-Z \\-]{14,22}|\\PC{0,30}") {
            if let Some(code) = RecoveryCode::normalise(&text) {
                prop_assert_eq!(hash(&code.display()), Some(code.hash(USER)));
            }
        }
    }
}
