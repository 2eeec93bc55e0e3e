//! How well a document fits each topic: naive Bayes over its grams.
//!
//! Each topic is a bag of grams: what its name and description say (as if it had been seen a few
//! times) and what corrections have taught. A document is weighed against each bag and against the
//! background, which is what the other topics and a large vocabulary would say of the same words.
//! A score above zero means that the topic explains the words better than the background does, so
//! a text of no topic scores below zero everywhere, and `local` abstains.
//!
//! All of it is a pure function of the grams, the topics and the counts.

use crate::{
    Feature, Knowledge, TopicKnowledge, TopicOption,
    tokens::{Language, tokens},
};
use domain::TopicId;
use std::collections::HashMap;

/// As how many occurrences a word of the name or the description counts.
const NAME_WEIGHT: f64 = 3.0;
const DESCRIPTION_WEIGHT: f64 = 1.0;
/// How much of that a word has that only contains the topic's word, or is contained in it.
const COMPOUND: f64 = 0.7;
/// How strongly a topic is pulled towards the background, in grams. More means that it takes more
/// evidence to leave it.
const SMOOTHING: f64 = 500.0;
/// The words that a language has, and how much each counts in the background unseen.
const LANGUAGE_WORDS: f64 = 20_000.0;
const UNSEEN: f64 = 0.02;
/// Pairs repeat what their words have said already.
const PAIR_WEIGHT: f64 = 0.5;
/// From this length on, a document is no longer proportionally harder to explain: a long contract
/// speaks of many things and is still a contract.
const USUAL_LENGTH: f64 = 60.0;

/// How well one topic fits.
#[derive(Debug)]
pub(crate) struct Score<'a> {
    pub topic: TopicId,
    /// Logarithm of how much better than the background the topic explains the document.
    pub log_odds: f64,
    /// The grams that speak for it, the strongest first.
    pub deciding: Vec<Deciding<'a>>,
}

/// One gram that speaks for a topic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deciding<'a> {
    pub gram: &'a str,
    pub weight: f64,
}

/// The score of each topic, in the order of the topics.
pub(crate) fn score<'a>(
    document: &'a [Feature],
    topics: &[TopicOption],
    knowledge: Option<&Knowledge>,
) -> Vec<Score<'a>> {
    let terms: Vec<Terms> = Terms::of_all(topics);
    let background = Background::of(topics, knowledge);
    topics
        .iter()
        .zip(&terms)
        .map(|(topic, terms)| {
            score_one(
                document,
                topic.id,
                terms,
                known(knowledge, topic.id),
                &background,
            )
        })
        .collect()
}

fn known(knowledge: Option<&Knowledge>, topic: TopicId) -> Option<&TopicKnowledge> {
    knowledge?
        .per_topic
        .iter()
        .find(|known| known.topic == topic)
}

fn score_one<'a>(
    document: &'a [Feature],
    topic: TopicId,
    terms: &Terms,
    known: Option<&TopicKnowledge>,
    background: &Background<'_>,
) -> Score<'a> {
    let total = known.map_or(0.0, |known| known.total as f64) + terms.total();
    let mut length = 0.0;
    let mut support = 0.0;
    let mut deciding = Vec::new();
    for feature in document {
        let weight = weight(feature);
        length += weight;
        let seen = count(known, &feature.gram) + terms.weight_of(&feature.gram);
        if seen > 0.0 {
            let gained =
                weight * (seen / (SMOOTHING * background.share_of(&feature.gram, topic))).ln_1p();
            support += gained;
            deciding.push(Deciding {
                gram: &feature.gram,
                weight: gained,
            });
        }
    }
    deciding.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.gram.cmp(b.gram)));
    Score {
        topic,
        log_odds: support - usual(length) * (total / SMOOTHING).ln_1p(),
        deciding,
    }
}

/// How much a gram of the document counts: repeating it says less each time.
fn weight(feature: &Feature) -> f64 {
    let repeated = 1.0 + f64::from(feature.count.max(1)).ln();
    if feature.gram.contains(' ') {
        PAIR_WEIGHT * repeated
    } else {
        repeated
    }
}

fn usual(length: f64) -> f64 {
    if length <= USUAL_LENGTH {
        length
    } else {
        USUAL_LENGTH * (1.0 + (length / USUAL_LENGTH).ln())
    }
}

fn count(known: Option<&TopicKnowledge>, gram: &str) -> f64 {
    known
        .and_then(|known| known.counts.get(gram))
        .map_or(0.0, |count| f64::from(*count))
}

/// What all topics together know, so that each can be held against the others.
struct Background<'a> {
    known: Vec<&'a TopicKnowledge>,
    total: f64,
}

impl<'a> Background<'a> {
    fn of(topics: &[TopicOption], knowledge: Option<&'a Knowledge>) -> Self {
        let known: Vec<_> = topics
            .iter()
            .filter_map(|topic| known(knowledge, topic.id))
            .collect();
        let total = known.iter().map(|known| known.total as f64).sum();
        Self { known, total }
    }

    /// The share of a gram in all that is not this topic. What is known of the topic itself is left
    /// out: a word that only its documents have must speak for it with full force.
    fn share_of(&self, gram: &str, topic: TopicId) -> f64 {
        let others = self.known.iter().filter(|known| known.topic != topic);
        let seen: f64 = others.map(|known| count(Some(known), gram)).sum();
        let own: f64 = self
            .known
            .iter()
            .filter(|k| k.topic == topic)
            .map(|k| k.total as f64)
            .sum();
        (seen + UNSEEN) / ((self.total - own).max(0.0) + UNSEEN * LANGUAGE_WORDS)
    }
}

/// The words of a topic's name and description, stemmed in both languages: which one its owner
/// writes in can't be told from a word or two.
struct Terms(HashMap<String, f64>);

impl Terms {
    /// The words of each topic; a word that several topics have says less for each.
    fn of_all(topics: &[TopicOption]) -> Vec<Self> {
        let mut all: Vec<_> = topics.iter().map(Self::of).collect();
        let mut shared: HashMap<String, f64> = HashMap::new();
        for stem in all.iter().flat_map(|terms| terms.0.keys()) {
            *shared.entry(stem.clone()).or_default() += 1.0;
        }
        for (stem, weight) in all.iter_mut().flat_map(|terms| terms.0.iter_mut()) {
            *weight /= shared.get(stem).copied().unwrap_or(1.0);
        }
        all
    }

    fn of(topic: &TopicOption) -> Self {
        let mut stems: HashMap<String, f64> = HashMap::new();
        for (text, weight) in [
            (&topic.description, DESCRIPTION_WEIGHT),
            (&topic.name, NAME_WEIGHT),
        ] {
            for language in [Language::English, Language::German] {
                for token in tokens(text, &language.stemmer()) {
                    stems.insert(token.stem, weight);
                }
            }
        }
        Self(stems)
    }

    fn total(&self) -> f64 {
        self.0.values().sum()
    }

    /// How much this gram counts for the topic.
    fn weight_of(&self, gram: &str) -> f64 {
        if gram.contains(' ') {
            return 0.0;
        }
        if let Some(weight) = self.0.get(gram) {
            return *weight;
        }
        let compounds = self
            .0
            .iter()
            .filter(|(term, _)| compound(gram, term) || begins(term, gram));
        compounds
            .map(|(_, weight)| weight * COMPOUND)
            .fold(0.0, f64::max)
    }
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
    use crate::features;

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
    fn the_topic_whose_words_occur_scores_highest() {
        let topics = [
            topic(1, "Strom", "Abschlag, Zähler"),
            topic(2, "Miete", "Vermieter, Wohnung"),
        ];
        let document = features(
            "Ihre Stromrechnung: der Zählerstand und der neue Abschlag für Strom",
            "",
        );
        let scores = score(&document, &topics, None);
        assert!(
            scores[0].log_odds > 5.0 && scores[1].log_odds < 0.0,
            "{scores:?}"
        );
        assert!(
            scores[0]
                .deciding
                .iter()
                .any(|d| d.gram == "stromrechn" || d.gram == "stromrechnung"),
            "{scores:?}"
        );
    }

    #[test]
    fn what_was_learned_outweighs_the_description() {
        let topics = [topic(1, "Bills", "invoice"), topic(2, "Garden", "")];
        let document = features("Invoice for roses, compost and two lawn mowers", "");
        let counts = document.iter().map(|f| (f.gram.clone(), 3)).collect();
        let per_topic = vec![TopicKnowledge {
            topic: topics[1].id,
            examples: 3,
            total: 60,
            counts,
        }];
        let knowledge = Knowledge {
            per_topic,
            vocabulary: 40,
        };
        let scores = score(&document, &topics, Some(&knowledge));
        assert!(scores[1].log_odds > scores[0].log_odds, "{scores:?}");
    }

    #[test]
    fn nothing_known_scores_nothing() {
        let document = features("some words about the weather", "");
        let scores = score(&document, &[topic(1, "Tax", "")], None);
        assert!(scores[0].log_odds <= 0.0 && scores[0].deciding.is_empty());
    }
}
