//! What is known of a topic: its own words, the subjects it speaks of, and what corrections taught.

use crate::{
    Knowledge, TopicKnowledge, TopicOption,
    features::MARK_PARTS,
    subjects,
    tokens::{Language, tokens},
};
use std::collections::HashMap;

/// The subjects of a description count as this many marks, whatever its length.
const DESCRIBED: f64 = 30.0;
/// How much a mark counts that a correction left.
const LEARNED: f64 = 0.1;
/// How much of every topic is anything at all: letters stray from their subject.
const STRAY: f64 = 0.68;
/// A subject that makes up this much of a topic is the topic's.
const CLAIM: f64 = 0.25;
/// What a word of the document gains for being one of the topic's name or description.
const OWN_WORD: f64 = 3.4;
/// How much of that a word has that only contains the topic's word, or is contained in it.
const COMPOUND: f64 = 0.7;

/// One topic.
pub(crate) struct Profile<'a> {
    pub option: &'a TopicOption,
    known: Option<&'a TopicKnowledge>,
    /// How many words and pairs corrections have shown.
    pub total: f64,
    /// For each subject, how much more a mark of it speaks for this topic than for just anything
    /// (logarithm); empty when the topic has no subjects.
    pub subjects: Vec<f64>,
    /// The subjects that are the topic's own.
    pub claims: Vec<usize>,
    words: HashMap<String, f64>,
}

impl<'a> Profile<'a> {
    /// The profiles of an owner's topics.
    pub(crate) fn of_all(topics: &'a [TopicOption], knowledge: Option<&'a Knowledge>) -> Vec<Self> {
        let mut profiles: Vec<_> = topics
            .iter()
            .map(|topic| Self::of(topic, knowledge))
            .collect();
        let mut shared: HashMap<String, f64> = HashMap::new();
        for word in profiles.iter().flat_map(|profile| profile.words.keys()) {
            *shared.entry(word.clone()).or_default() += 1.0;
        }
        // A word that several topics have says less for each.
        for (word, gain) in profiles
            .iter_mut()
            .flat_map(|profile| profile.words.iter_mut())
        {
            *gain /= shared.get(word).copied().unwrap_or(1.0);
        }
        profiles
    }

    fn of(option: &'a TopicOption, knowledge: Option<&'a Knowledge>) -> Self {
        let known = knowledge.and_then(|knowledge| {
            knowledge
                .per_topic
                .iter()
                .find(|known| known.topic == option.id)
        });
        let stems = stems(option);
        let mut marks = subjects::marks(stems.iter().map(|stem| (stem.as_str(), 1.0)));
        let whole: f64 = marks.iter().sum();
        for (mark, gram) in marks.iter_mut().zip(subjects::grams()) {
            *mark *= if whole > 0.0 { DESCRIBED / whole } else { 0.0 };
            *mark += LEARNED * learned(known, gram) / MARK_PARTS;
        }
        let whole: f64 = marks.iter().sum();
        let mut profile = Self {
            option,
            known,
            total: taught(known),
            subjects: Vec::new(),
            claims: Vec::new(),
            words: stems.into_iter().map(|stem| (stem, OWN_WORD)).collect(),
        };
        if whole > 0.0 {
            let subjects = marks.len() as f64;
            let ratio = |mark: &f64| ((1.0 - STRAY) * subjects * mark / whole + STRAY).ln();
            profile.subjects = marks.iter().map(ratio).collect();
            let own = |(_, mark): &(usize, &f64)| **mark > CLAIM * whole;
            profile.claims = marks
                .iter()
                .enumerate()
                .filter(own)
                .map(|(place, _)| place)
                .collect();
        }
        profile
    }

    /// What a word of a document gains for being one of the topic's own.
    pub(crate) fn gain(&self, gram: &str) -> f64 {
        if let Some(gain) = self.words.get(gram) {
            return *gain;
        }
        let related = |word: &str| compound(gram, word) || begins(word, gram);
        self.words
            .iter()
            .filter(|(word, _)| related(word))
            .map(|(_, gain)| gain * COMPOUND)
            .fold(0.0, f64::max)
    }

    /// How often corrections have shown a gram.
    pub(crate) fn count(&self, gram: &str) -> f64 {
        learned(self.known, gram)
    }
}

/// How many words and pairs corrections have shown, marks left out.
fn taught(known: Option<&TopicKnowledge>) -> f64 {
    let marks: f64 = subjects::grams()
        .iter()
        .map(|gram| learned(known, gram))
        .sum();
    let all = known.map_or(0.0, |known| known.total as f64);
    (all - marks).max(0.0)
}

fn learned(known: Option<&TopicKnowledge>, gram: &str) -> f64 {
    known
        .and_then(|known| known.counts.get(gram))
        .map_or(0.0, |count| f64::from(*count))
}

/// The stems of a topic's name and description in both languages, each once: which one its owner writes
/// in can't be told from a word or two.
fn stems(option: &TopicOption) -> Vec<String> {
    let mut stems: Vec<String> = [Language::English, Language::German]
        .into_iter()
        .flat_map(|language| {
            let stemmer = language.stemmer();
            [&option.name, &option.description].map(|text| tokens(text, &stemmer))
        })
        .flatten()
        .map(|token| token.stem)
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// Whether `long` is a compound word with `part` at its beginning or its end, as German builds them:
/// "Stromrechnung" of "Strom" and "Rechnung".
fn compound(long: &str, part: &str) -> bool {
    begins(long, part) || (may_hold(long, part) && long.ends_with(part))
}

/// Whether `long` is a compound word that begins with `part`. The beginning is what tells it from
/// others of its kind: a document that says "Gehalt" speaks of a "Gehaltsabrechnung", one that says
/// "Rechnung" need not.
fn begins(long: &str, part: &str) -> bool {
    may_hold(long, part) && long.starts_with(part)
}

/// Bytes will do here: stems have few letters outside ASCII, and this runs for every word of every topic.
fn may_hold(long: &str, part: &str) -> bool {
    long.len() >= 8 && part.len() >= 4 && long.len() >= part.len() + 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::TopicId;

    fn topic(n: u128, name: &str, description: &str) -> TopicOption {
        TopicOption {
            id: TopicId(uuid::Uuid::from_u128(n)),
            name: name.into(),
            description: description.into(),
        }
    }

    #[test]
    fn compound_words_have_their_parts() {
        assert!(compound("stromrechnung", "strom") && compound("stromrechnung", "rechnung"));
        assert!(!compound("strom", "strom") && !compound("stromrechnung", "omrech"));
        assert!(!compound("career", "care"), "too short to be a compound");
    }

    #[test]
    fn a_description_claims_its_subject() {
        let topics = [
            topic(1, "Papers of the car", "Werkstatt"),
            topic(2, "Misc", ""),
        ];
        let profiles = Profile::of_all(&topics, None);
        let subjects: Vec<_> = profiles[0]
            .claims
            .iter()
            .map(|&place| subjects::grams()[place].as_str())
            .collect();
        assert_eq!(subjects, ["#car"]);
        assert!(profiles[1].claims.is_empty() && profiles[1].subjects.is_empty());
    }

    #[test]
    fn corrections_give_a_topic_of_any_name_its_subjects() {
        let topics = [topic(1, "Misc", "")];
        let known = TopicKnowledge {
            topic: topics[0].id,
            examples: 1,
            total: 50,
            counts: HashMap::from([("#health".to_owned(), 40), ("dentist".to_owned(), 2)]),
        };
        let knowledge = Knowledge {
            per_topic: vec![known],
            document: None,
        };
        let profile = &Profile::of_all(&topics, Some(&knowledge))[0];
        assert_eq!(profile.claims.len(), 1);
        assert_eq!((profile.total, profile.count("dentist")), (10.0, 2.0));
    }

    #[test]
    fn a_word_that_two_topics_have_gains_less() {
        let topics = [topic(1, "Garden tools", ""), topic(2, "Kitchen tools", "")];
        let profiles = Profile::of_all(&topics, None);
        assert!(profiles[0].gain("tool") < profiles[0].gain("garden"));
    }
}
