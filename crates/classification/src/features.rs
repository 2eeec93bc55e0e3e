//! A document as `local` sees it: its stemmed words and pairs of words, counted.

use crate::{
    excerpt::{Excerpt, LOCAL_TEXT_CHARS},
    tokens::{Language, Token, tokens},
};
use std::collections::HashMap;

/// The most different grams that one document has.
pub const MAX_FEATURES: usize = 2_000;
/// The longest gram, in bytes.
pub const MAX_GRAM_BYTES: usize = 64;
/// More of the same word says nothing new; without a limit one table of a hundred lines would
/// outweigh all other documents of its topic.
const MAX_COUNT: u32 = 5;
/// A name is short and was chosen, so a word of it counts twice.
const FILE_NAME_WEIGHT: u32 = 2;

/// One gram of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// One stem, or two that follow each other with a space between.
    pub gram: String,
    /// How often it occurs, up to a small limit.
    pub count: u32,
}

/// The grams of a document: the same for the same text and name, each once, the most frequent
/// first, at most [`MAX_FEATURES`].
pub fn features(text: &str, file_name: &str) -> Vec<Feature> {
    analyse(&Excerpt::of(text, LOCAL_TEXT_CHARS), file_name).features
}

/// The grams of a document, and the words that they stand for.
pub(crate) struct Analysis {
    pub features: Vec<Feature>,
    surfaces: HashMap<String, String>,
}

impl Analysis {
    /// A gram as it stands in the document for the first time.
    pub(crate) fn surface(&self, gram: &str) -> Option<&str> {
        self.surfaces.get(gram).map(String::as_str)
    }
}

pub(crate) fn analyse(excerpt: &Excerpt<'_>, file_name: &str) -> Analysis {
    let [head, tail] = excerpt.parts();
    let language = Language::of(head);
    let mut counter = Counter::default();
    for part in [head, tail] {
        counter.add(part, language, 1);
    }
    counter.add(stem_of(file_name), language, FILE_NAME_WEIGHT);
    counter.finish()
}

/// A file name without its extension.
fn stem_of(file_name: &str) -> &str {
    file_name
        .rsplit_once('.')
        .map_or(file_name, |(stem, _)| stem)
}

#[derive(Default)]
struct Counter {
    /// Count, and the order of first appearance.
    counts: HashMap<String, (u32, usize)>,
    surfaces: HashMap<String, String>,
}

impl Counter {
    fn add(&mut self, text: &str, language: Language, weight: u32) {
        let tokens = tokens(text, &language.stemmer());
        for token in &tokens {
            self.count(token.stem.clone(), text.get(token.start..token.end), weight);
        }
        for (first, second) in tokens.iter().zip(tokens.iter().skip(1)) {
            if adjacent(text, first, second) {
                let gram = [first.stem.as_str(), second.stem.as_str()].join(" ");
                self.count(gram, text.get(first.start..second.end), weight);
            }
        }
    }

    fn count(&mut self, gram: String, surface: Option<&str>, weight: u32) {
        if gram.is_empty() || gram.len() > MAX_GRAM_BYTES {
            return;
        }
        if let Some(surface) = surface.filter(|_| !self.surfaces.contains_key(&gram)) {
            self.surfaces.insert(gram.clone(), surface.to_owned());
        }
        let order = self.counts.len();
        let (count, _) = self.counts.entry(gram).or_insert((0, order));
        *count = count.saturating_add(weight).min(MAX_COUNT);
    }

    fn finish(self) -> Analysis {
        let mut counted: Vec<_> = self.counts.into_iter().collect();
        counted.sort_by(|(_, (a, first)), (_, (b, second))| b.cmp(a).then(first.cmp(second)));
        counted.truncate(MAX_FEATURES);
        let features = counted
            .into_iter()
            .map(|(gram, (count, _))| Feature { gram, count })
            .collect();
        Analysis {
            features,
            surfaces: self.surfaces,
        }
    }
}

/// Whether nothing but white space, a hyphen or an underscore stands between two words.
fn adjacent(text: &str, first: &Token, second: &Token) -> bool {
    text.get(first.end..second.start).is_some_and(|gap| {
        gap.chars()
            .all(|c| c.is_whitespace() || matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(features: &[Feature], gram: &str) -> Option<u32> {
        features.iter().find(|f| f.gram == gram).map(|f| f.count)
    }

    #[test]
    fn counts_words_pairs_and_the_name() {
        let found = features(
            "Your electricity bill. The electricity meter reading is below.",
            "electricity_2024.pdf",
        );
        assert_eq!(
            count(&found, "electr"),
            Some(4),
            "twice in the text and twice for the name"
        );
        assert_eq!(count(&found, "electr bill"), Some(1));
        assert_eq!(
            count(&found, "bill electr"),
            None,
            "a full stop stands between"
        );
        assert_eq!(
            found.first().map(|f| f.gram.as_str()),
            Some("electr"),
            "the most frequent first"
        );
    }

    #[test]
    fn remembers_how_the_words_stood() {
        let analysis = analyse(
            &Excerpt::of("Ihre Stromabrechnungen und der\nStrom-Abschlag.", 1_000),
            "",
        );
        let surfaces: Vec<_> = analysis
            .features
            .iter()
            .map(|f| analysis.surface(&f.gram).unwrap())
            .collect();
        assert!(surfaces.contains(&"Stromabrechnungen"), "{surfaces:?}");
        assert!(surfaces.contains(&"Strom-Abschlag"), "{surfaces:?}");
    }

    #[test]
    fn a_long_text_stays_bounded_and_the_same() {
        let text: String = (0..50_000)
            .map(|n| format!("w{}x ", to_letters(n)))
            .collect();
        let found = features(&text, "long.txt");
        assert_eq!(found.len(), MAX_FEATURES);
        assert_eq!(found, features(&text, "long.txt"));
    }

    fn to_letters(mut n: u32) -> String {
        let mut letters = String::new();
        loop {
            letters.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
            n /= 26;
            if n == 0 {
                return letters;
            }
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_bounded(text in "\\PC{0,400}", name in "\\PC{0,40}") {
            let found = features(&text, &name);
            prop_assert!(found.len() <= MAX_FEATURES);
            prop_assert!(found.iter().all(|f| !f.gram.is_empty() && f.gram.len() <= MAX_GRAM_BYTES));
            prop_assert!(found.iter().all(|f| (1..=MAX_COUNT).contains(&f.count)));
            prop_assert_eq!(&found, &features(&text, &name));
            let mut grams: Vec<_> = found.iter().map(|f| &f.gram).collect();
            grams.sort_unstable();
            grams.dedup();
            prop_assert_eq!(grams.len(), found.len());
        }

        #[test]
        fn any_characters_at_all(text in any::<String>(), name in any::<String>()) {
            prop_assert!(features(&text, &name).len() <= MAX_FEATURES);
        }
    }
}
