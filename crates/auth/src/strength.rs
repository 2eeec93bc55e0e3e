//! How strong a new password has to be: long enough, and hard to guess for somebody who knows the
//! usual lists, patterns and the person (zxcvbn).

use thiserror::Error;
use zxcvbn::{Score, feedback::Feedback, zxcvbn};

/// The fewest characters.
pub const SHORTEST: usize = 12;
/// The most characters; as many as 512 bytes, then.
pub const LONGEST: usize = 128;
/// The estimate takes far more than linear time when letters are replaced by signs that may mean several
/// (100 such characters: 0.7 s, 32: 0.07 s), so it is made piece by piece.
const PIECE: usize = 32;
/// Parts of a name shorter than this occur in any password.
const SHORTEST_PART: usize = 3;
/// A handle or an address seldom has more parts than this; it bounds the estimate.
const MOST_PARTS: usize = 16;

/// Why a password is not good enough, in a sentence for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Weak(String);

impl Weak {
    /// The sentence.
    pub fn message(&self) -> &str {
        &self.0
    }
}

/// Checks a new password. `personal` is what others know about the person: handle, address.
///
/// One piece that is hard to guess is enough, since the rest only adds to it. Computes for some
/// milliseconds, for crafted input a quarter of a second: call it on a blocking thread, or use
/// [`Passwords::hash_new`](crate::Passwords::hash_new).
///
/// # Errors
/// When it is too short, too long or too easy to guess; the error says what to do.
pub fn check(password: &str, personal: &[&str]) -> Result<(), Weak> {
    let characters: Vec<char> = password.chars().collect();
    if characters.len() < SHORTEST {
        return Err(Weak(format!("Use at least {SHORTEST} characters.")));
    }
    if characters.len() > LONGEST {
        return Err(Weak(format!("Use at most {LONGEST} characters.")));
    }
    let parts = parts(personal);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let mut advice = None;
    for piece in characters.chunks(PIECE) {
        let estimate = zxcvbn(&String::from_iter(piece), &parts);
        if estimate.score() >= Score::Three {
            return Ok(());
        }
        advice.get_or_insert_with(|| advise(estimate.feedback()));
    }
    Err(Weak(advice.unwrap_or_else(|| advise(None))))
}

/// An address is known as a whole (in the pieces that the estimate is made of) and in its words.
fn parts(personal: &[&str]) -> Vec<String> {
    let known = |text: &&str| {
        let characters: Vec<char> = text.chars().take(LONGEST).collect();
        let pieces = characters.chunks(PIECE).map(String::from_iter);
        let words = text.split(|c: char| !c.is_alphanumeric());
        pieces
            .chain(words.map(str::to_owned))
            .filter(|part| part.chars().count() >= SHORTEST_PART)
            .take(MOST_PARTS)
            .collect::<Vec<_>>()
    };
    personal
        .iter()
        .flat_map(known)
        .take(2 * MOST_PARTS)
        .collect()
}

fn advise(feedback: Option<&Feedback>) -> String {
    let warning = feedback.and_then(Feedback::warning).map_or_else(
        || "This password is too easy to guess.".to_owned(),
        |warning| warning.to_string(),
    );
    let suggestion = feedback
        .and_then(|feedback| feedback.suggestions().first())
        .map_or_else(
            || "Use a few words that nobody would connect with you.".to_owned(),
            ToString::to_string,
        );
    format!("{warning} {suggestion}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_few_uncommon_words_are_strong() {
        for password in [
            "walrus trellis quibble fjord",
            "kq7#Vz!m2LpX",
            "größere Möhrenküche am Fluss",
            "寿限無寿限無五劫の擦り切れ海砂利水魚",
        ] {
            assert_eq!(
                check(password, &["ada", "ada@example.org"]),
                Ok(()),
                "{password}"
            );
        }
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        let eleven = "äöüßéèêçñøå";
        assert_eq!(eleven.chars().count(), 11);
        assert_eq!(
            check(eleven, &[]).unwrap_err().message(),
            "Use at least 12 characters."
        );
        let strong = "walrus trellis quibble fjord ".repeat(5);
        assert_eq!(check(&strong[..128], &[]), Ok(()));
        assert_eq!(
            check(&strong[..129], &[]).unwrap_err().message(),
            "Use at most 128 characters."
        );
    }

    #[test]
    fn combining_marks_are_characters() {
        let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
        assert_eq!(
            check(&family.repeat(19), &[]).unwrap_err().message(),
            "Use at most 128 characters."
        );
    }

    #[test]
    fn what_everybody_tries_is_weak() {
        for password in [
            "passwordpassword",
            "qwertyuiopasdf",
            "aaaaaaaaaaaaaaaa",
            "abcdefghijklmnop",
            "Password1234",
            "123456789012",
            "dragonmaster99",
            "princess.2009",
        ] {
            let weak = check(password, &[]).unwrap_err();
            assert!(weak.message().len() > 20, "{weak}");
            assert!(weak.message().ends_with('.'), "{weak}");
            assert!(!weak.message().contains(password), "{weak}");
        }
    }

    #[test]
    fn what_is_known_of_the_person_is_weak() {
        let password = "zyxquolpham2741";
        assert_eq!(check(password, &["ada"]), Ok(()));
        assert!(check(password, &["zyxquolpham2741"]).is_err());
        assert!(check(password, &["zyxquolpham.2741@example.org"]).is_err());
        let long = "zyxquolpham.brindlewick@department.of.cartography.example.org";
        assert_eq!(check(long, &["ada"]), Ok(()));
        assert!(check(long, &[long]).is_err());
    }

    #[test]
    fn one_strong_piece_is_enough_and_weak_ones_do_not_add_up() {
        let weak = "a".repeat(2 * PIECE);
        assert!(check(&weak, &[]).is_err());
        assert_eq!(check(&format!("{weak}kq7#Vz!m2LpXwalrus"), &[]), Ok(()));
        assert!(check(&"password".repeat(LONGEST / 8), &[]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_has_an_answer(password in "\\PC{0,40}", name in "\\PC{0,20}") {
            let answer = check(&password, &[&name]);
            if password.chars().count() < SHORTEST {
                prop_assert!(answer.is_err());
            }
        }
    }
}
