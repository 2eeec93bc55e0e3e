//! A document as `local` sees it: its stemmed words and pairs of words, counted, and the marks of the
//! subjects that they speak of.

use crate::{
    excerpt::{Excerpt, LOCAL_TEXT_CHARS},
    subjects,
    tokens::{Language, Token, tokens},
};
use std::collections::HashMap;

/// The most different words and pairs that one document has; marks come on top.
pub const MAX_FEATURES: usize = 2_000;
/// The longest gram, in bytes.
pub const MAX_GRAM_BYTES: usize = 64;
/// More of the same word says nothing new; without a limit one table of a hundred lines would
/// outweigh all other documents of its topic.
const MAX_COUNT: u32 = 5;
/// A name is short and was chosen, so a word of it counts twice.
const FILE_NAME_WEIGHT: u32 = 2;
/// Marks are shares of words. They are counted in tenths, as counts are whole numbers.
pub(crate) const MARK_PARTS: f64 = 10.0;

/// One gram of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// One stem, or two that follow each other with a space between, or the mark of a subject.
    pub gram: String,
    /// How often it occurs, up to a small limit.
    pub count: u32,
}

impl Feature {
    /// How much it counts: repeating a word says less each time.
    pub(crate) fn times(&self) -> f64 {
        1.0 + f64::from(self.count.max(1)).ln()
    }

    /// Whether it is two words that follow each other.
    pub(crate) fn is_pair(&self) -> bool {
        self.gram.contains(' ')
    }
}

/// The grams of a document, to be learned: the same for the same text and name, each once. First its
/// words and pairs, the most frequent first, at most [`MAX_FEATURES`]; then its marks.
pub fn features(text: &str, file_name: &str) -> Vec<Feature> {
    let mut features = Analysis::of(text, file_name).features;
    let marks = marks(&features);
    features.extend(
        subjects::grams()
            .iter()
            .zip(marks)
            .map(|(gram, mark)| Feature {
                gram: gram.clone(),
                count: (mark * MARK_PARTS).round() as u32,
            })
            .filter(|mark| mark.count > 0),
    );
    features
}

/// The marks that a document's words leave, by subject.
pub(crate) fn marks(features: &[Feature]) -> Vec<f64> {
    subjects::marks(
        features
            .iter()
            .filter(|feature| !feature.is_pair())
            .map(|feature| (feature.gram.as_str(), feature.times())),
    )
}

/// The words and pairs of a document, and how they stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    pub(crate) features: Vec<Feature>,
    surfaces: HashMap<String, String>,
}

impl Analysis {
    /// Takes a document apart, as far as `local` reads it.
    pub fn of(text: &str, file_name: &str) -> Self {
        analyse(&Excerpt::of(text, LOCAL_TEXT_CHARS), file_name)
    }

    /// The grams whose counts are wanted to file the document: its own, and those of all subjects.
    pub fn wanted_grams(&self) -> Vec<String> {
        let own = self.features.iter().map(|feature| &feature.gram);
        own.chain(subjects::grams()).cloned().collect()
    }

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
        let words = found.iter().filter(|f| !subjects::is_mark(&f.gram));
        assert_eq!(words.count(), MAX_FEATURES);
        assert_eq!(found, features(&text, "long.txt"));
    }

    #[test]
    fn leaves_the_marks_of_its_subjects() {
        let found = features(
            "Your dentist has sent an invoice. The dentist is on holiday.",
            "",
        );
        let twice = 10.0 * (1.0 + 2.0_f64.ln());
        assert_eq!(count(&found, "#health"), Some(twice.round() as u32));
        assert!(
            count(&found, "#work").is_some_and(|tenths| tenths < 17),
            "a holiday is of work, of school and of travel: {found:?}"
        );
        assert_eq!(count(&found, "#car"), None);
        let wanted = Analysis::of("dentist", "").wanted_grams();
        assert!(wanted.contains(&"dentist".to_owned()) && wanted.contains(&"#car".to_owned()));
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
            let (marks, words): (Vec<_>, Vec<_>) = found.iter().partition(|f| subjects::is_mark(&f.gram));
            prop_assert!(words.len() <= MAX_FEATURES && marks.len() <= subjects::grams().len());
            prop_assert!(found.iter().all(|f| !f.gram.is_empty() && f.gram.len() <= MAX_GRAM_BYTES));
            prop_assert!(words.iter().all(|f| (1..=MAX_COUNT).contains(&f.count)));
            prop_assert_eq!(&found, &features(&text, &name));
            let mut grams: Vec<_> = found.iter().map(|f| &f.gram).collect();
            grams.sort_unstable();
            grams.dedup();
            prop_assert_eq!(grams.len(), found.len());
        }

        #[test]
        fn any_characters_at_all(text in any::<String>(), name in any::<String>()) {
            prop_assert!(features(&text, &name).len() <= MAX_FEATURES + subjects::grams().len());
        }
    }
}
