//! What `local` knows before anybody taught it anything: which words speak of taxes, of health, of a car.
//!
//! The list (`subjects.txt`) is general knowledge, for English and German. A document's words leave
//! marks of the subjects that they speak of, and a topic's name and description do the same; so a
//! letter of the clinic finds a topic "Doctors" though no word of one stands in the other. Marks are
//! learned like words: after a few corrections a topic of any name has its subjects.

use crate::tokens::{Language, stem};
use rust_stemmers::Stemmer;
use std::{collections::HashMap, sync::LazyLock};

const LIST: &str = include_str!("subjects.txt");

/// What tells the gram of a subject from a word: no word begins with it.
const SIGN: char = '#';
/// How much a compound word counts of which only the beginning or the end is known.
const COMPOUND: f64 = 0.7;
/// Shorter words are no compounds, and shorter parts tell nothing: "career" holds no "care".
const LEAST_COMPOUND: usize = 8;
const LEAST_PART: usize = 4;
const LEAST_REST: usize = 3;

/// How much of a word speaks of a subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share {
    /// The subject's place in [`grams`].
    pub subject: usize,
    /// 1 for a word of this subject alone.
    pub share: f64,
}

/// The grams that stand for the subjects.
pub(crate) fn grams() -> &'static [String] {
    &LEXICON.grams
}

/// Whether a gram is the mark of a subject.
#[cfg(test)]
pub(crate) fn is_mark(gram: &str) -> bool {
    gram.starts_with(SIGN)
}

/// The subjects that a stem speaks of.
pub(crate) fn of(stem: &str) -> Vec<Share> {
    if let Some(subjects) = LEXICON.words.get(stem) {
        return shares(subjects, 1.0);
    }
    let parts: Vec<&Vec<usize>> = [beginning(stem), end(stem)].into_iter().flatten().collect();
    let each = COMPOUND / parts.len().max(1) as f64;
    let mut found: Vec<Share> = Vec::new();
    for share in parts.into_iter().flat_map(|part| shares(part, each)) {
        match found.iter_mut().find(|one| one.subject == share.subject) {
            Some(one) => one.share += share.share,
            None => found.push(share),
        }
    }
    found
}

/// The marks that these stems leave, each stem counted so many times, by subject.
pub(crate) fn marks<'a>(stems: impl Iterator<Item = (&'a str, f64)>) -> Vec<f64> {
    let mut marks = vec![0.0; grams().len()];
    for (stem, times) in stems {
        for share in of(stem) {
            if let Some(mark) = marks.get_mut(share.subject) {
                *mark += times * share.share;
            }
        }
    }
    marks
}

fn shares(subjects: &[usize], whole: f64) -> Vec<Share> {
    let share = whole / subjects.len() as f64;
    subjects
        .iter()
        .map(|&subject| Share { subject, share })
        .collect()
}

/// The longest known word with which a compound begins.
fn beginning(stem: &str) -> Option<&'static Vec<usize>> {
    cuts(stem)
        .rev()
        .filter_map(|at| stem.get(..at))
        .find_map(|part| LEXICON.words.get(part))
}

/// The longest known word with which a compound ends.
fn end(stem: &str) -> Option<&'static Vec<usize>> {
    cuts(stem)
        .map(|at| stem.len() - at)
        .rev()
        .filter_map(|at| stem.get(at..))
        .find_map(|part| LEXICON.words.get(part))
}

/// How many bytes a part of a compound may have.
fn cuts(stem: &str) -> std::ops::Range<usize> {
    if stem.len() < LEAST_COMPOUND {
        return 0..0;
    }
    LEAST_PART..stem.len() - LEAST_REST + 1
}

struct Lexicon {
    grams: Vec<String>,
    /// The subjects of each stem.
    words: HashMap<String, Vec<usize>>,
}

/// Read once: every word of every document is looked up in it.
static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| read(LIST));

fn read(list: &str) -> Lexicon {
    let stemmers = [Language::English, Language::German].map(Language::stemmer);
    let mut lexicon = Lexicon {
        grams: Vec::new(),
        words: HashMap::new(),
    };
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("= ") {
            lexicon.grams.push(format!("{SIGN}{}", name.trim()));
        } else if let Some(subject) = lexicon.grams.len().checked_sub(1) {
            for word in line.split_whitespace() {
                lexicon.add(word, subject, &stemmers);
            }
        }
    }
    lexicon
}

impl Lexicon {
    /// Under both languages' stems: which one a document is in is a guess, and may be wrong.
    fn add(&mut self, word: &str, subject: usize, stemmers: &[Stemmer]) {
        for stemmer in stemmers {
            let subjects = self.words.entry(stem(word, stemmer)).or_default();
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(stem: &str) -> Vec<(&'static str, f64)> {
        let mut found: Vec<_> = of(stem)
            .into_iter()
            .map(|share| (grams()[share.subject].as_str(), share.share))
            .collect();
        found.sort_by_key(|(name, _)| *name);
        found
    }

    #[test]
    fn a_word_speaks_of_its_subjects() {
        assert_eq!(named("finanzamt"), [("#taxes", 1.0)]);
        assert_eq!(
            named("pension"),
            [
                ("#benefits", 1.0 / 3.0),
                ("#travel", 1.0 / 3.0),
                ("#work", 1.0 / 3.0)
            ]
        );
        assert_eq!(named("xyz"), []);
    }

    #[test]
    fn a_compound_speaks_of_what_its_parts_do() {
        assert_eq!(named("hundehaltung"), [("#animals", 0.7)]);
        assert_eq!(
            named("grundsteuermessbescheid"),
            [("#taxes", 0.7)],
            "the longest known word at either end counts"
        );
        assert!(
            named("gebaudeschaden")
                .iter()
                .any(|(name, _)| *name == "#insurance")
        );
        assert_eq!(named("career"), [("#work", 1.0)]);
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(grams().len() > 20);
        let mut sorted = grams().to_vec();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), grams().len(), "a subject stands there twice");
        for word in LIST
            .lines()
            .filter(|line| !line.starts_with(['#', '=']))
            .flat_map(str::split_whitespace)
        {
            assert!(
                word.chars().all(|c| c.is_lowercase() && c.is_alphabetic()),
                "{word}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_word_has_bounded_shares(stem in "\\PC{0,40}") {
            let sum: f64 = of(&stem).iter().map(|share| share.share).sum();
            prop_assert!((0.0..=1.0 + 1e-9).contains(&sum));
        }
    }
}
