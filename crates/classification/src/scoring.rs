//! How well a document fits each topic: naive Bayes over its words and over the subjects they speak of.
//!
//! Topics stand for election together with rivals: every subject that no topic claims, and "nothing in
//! particular". So a recipe is not filed under the least unlikely topic but under none. Three things
//! speak for a topic:
//! - marks of subjects, weighed against the topic's own mixture of subjects;
//! - words of its name and description;
//! - words that corrections taught, weighed against what they taught other topics (Dirichlet
//!   smoothing, with the complement as in complement naive Bayes).
//!
//! All of it is a pure function of the grams, the topics and the counts. The constants were set on
//! texts of our own (`eval/`), never on those that are held out.

use crate::{
    Feature, Knowledge, TopicOption,
    profile::Profile,
    subjects::{self, Share},
};
use domain::TopicId;

/// How much the marks of subjects weigh.
const MARKS: f64 = 3.3;
/// From this many marks on, or this many words, a document is no longer proportionally clearer: a long
/// contract speaks of many things and is still a contract.
const USUAL_MARKS: f64 = 4.0;
const USUAL_WORDS: f64 = 60.0;
/// How much learned words weigh.
const WORDS: f64 = 0.3;
/// How strongly a topic is pulled towards the background, in grams.
const SMOOTHING: f64 = 500.0;
/// The words that a language has, and how much each counts in the background unseen.
const LANGUAGE_WORDS: f64 = 20_000.0;
const UNSEEN: f64 = 0.03;
/// How much of a rival is its subject.
const RIVAL_SUBJECT: f64 = 0.25;
/// What rivals have to begin with, and what "nothing in particular" has.
const RIVAL: f64 = 5.0;
const NOTHING: f64 = -7.2;

/// How well one topic fits.
#[derive(Debug)]
pub(crate) struct Score<'a> {
    pub topic: TopicId,
    /// Its part of the whole, which all topics and all rivals share, as a logarithm of the odds.
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

/// The score of each topic, the best first.
pub(crate) fn score<'a>(
    document: &'a [Feature],
    topics: &[TopicOption],
    knowledge: Option<&Knowledge>,
) -> Vec<Score<'a>> {
    let profiles = Profile::of_all(topics, knowledge);
    let document = Document::of(document, &profiles);
    let mut scores: Vec<_> = profiles
        .iter()
        .map(|profile| document.score(profile))
        .collect();
    let mut all: Vec<f64> = scores.iter().map(|score| score.log_odds).collect();
    all.extend(document.rivals(&profiles));
    for (place, score) in scores.iter_mut().enumerate() {
        let others = all.iter().enumerate().filter(|(other, _)| *other != place);
        score.log_odds -= log_sum(others.map(|(_, other)| *other));
    }
    scores.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
    scores
}

/// The logarithm of a sum of exponentials.
fn log_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if most.is_finite() {
        most + values.map(|value| (value - most).exp()).sum::<f64>().ln()
    } else {
        most
    }
}

/// A gram of the document.
struct Gram<'a> {
    feature: &'a Feature,
    /// The subjects that it speaks of.
    shares: Vec<Share>,
    /// How often corrections have shown it, over all topics.
    seen: f64,
}

/// A document, weighed.
struct Document<'a> {
    grams: Vec<Gram<'a>>,
    marks: Vec<f64>,
    /// What one mark and one word weigh in a document of this length.
    mark: f64,
    word: f64,
    /// How many words corrections have shown, over all topics.
    taught: f64,
}

impl<'a> Document<'a> {
    fn of(features: &'a [Feature], profiles: &[Profile<'_>]) -> Self {
        let gram = |feature: &'a Feature| Gram {
            feature,
            shares: if feature.is_pair() {
                Vec::new()
            } else {
                subjects::of(&feature.gram)
            },
            seen: profiles.iter().map(|one| one.count(&feature.gram)).sum(),
        };
        let grams: Vec<_> = features.iter().map(gram).collect();
        let mut marks = vec![0.0; subjects::grams().len()];
        for gram in &grams {
            for share in &gram.shares {
                if let Some(mark) = marks.get_mut(share.subject) {
                    *mark += gram.feature.times() * share.share;
                }
            }
        }
        let length = features.iter().map(Feature::times).sum();
        Self {
            grams,
            mark: MARKS * tempered(marks.iter().sum(), USUAL_MARKS),
            word: tempered(length, USUAL_WORDS),
            marks,
            taught: profiles.iter().map(|profile| profile.total).sum(),
        }
    }

    fn score(&self, profile: &Profile<'_>) -> Score<'a> {
        let mut sum = 0.0;
        let mut deciding = Vec::new();
        for gram in &self.grams {
            let words = self.word * (self.learned(gram, profile) + own(gram, profile));
            let marks = self.mark * of_marks(&gram.shares, profile);
            let gained = gram.feature.times() * (words + marks);
            sum += gained;
            if gained > 0.0 {
                deciding.push(Deciding {
                    gram: &gram.feature.gram,
                    weight: gained,
                });
            }
        }
        deciding.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.gram.cmp(b.gram)));
        Score {
            topic: profile.option.id,
            log_odds: sum,
            deciding,
        }
    }

    /// How much likelier a gram is in what the topic was taught than in what others were. What is known
    /// of the topic itself is no part of the background: a word that only its documents have speaks for
    /// it with full force. A gram that no topic was taught says nothing, or well-taught topics would lose
    /// to rivals, which nobody teaches.
    fn learned(&self, gram: &Gram<'_>, profile: &Profile<'_>) -> f64 {
        if gram.seen <= 0.0 {
            return 0.0;
        }
        let seen = profile.count(&gram.feature.gram);
        let elsewhere = (gram.seen - seen).max(0.0) + UNSEEN;
        let background =
            elsewhere / ((self.taught - profile.total).max(0.0) + UNSEEN * LANGUAGE_WORDS);
        let likelier = (seen / (SMOOTHING * background)).ln_1p();
        WORDS * (likelier - (profile.total / SMOOTHING).ln_1p())
    }

    /// The subjects that the document speaks of and no topic claims, and nothing in particular.
    fn rivals(&self, profiles: &[Profile<'_>]) -> Vec<f64> {
        let subjects = self.marks.len() as f64;
        let other = (1.0 - RIVAL_SUBJECT).ln();
        let own = (subjects * RIVAL_SUBJECT + 1.0 - RIVAL_SUBJECT).ln();
        let whole: f64 = self.marks.iter().sum();
        let claimed = |place: usize| {
            profiles
                .iter()
                .any(|profile| profile.claims.contains(&place))
        };
        let rivals = self
            .marks
            .iter()
            .enumerate()
            .filter(|(place, mark)| **mark > 0.0 && !claimed(*place));
        rivals
            .map(|(_, mark)| RIVAL + self.mark * (own * mark + other * (whole - mark)))
            .chain([NOTHING])
            .collect()
    }
}

/// What a word gains for being one of the topic's own.
fn own(gram: &Gram<'_>, profile: &Profile<'_>) -> f64 {
    if gram.feature.is_pair() {
        0.0
    } else {
        profile.gain(&gram.feature.gram)
    }
}

/// What a word says by the subjects that it speaks of.
fn of_marks(shares: &[Share], profile: &Profile<'_>) -> f64 {
    let said = |share: &Share| {
        share.share
            * profile
                .subjects
                .get(share.subject)
                .copied()
                .unwrap_or_default()
    };
    shares.iter().map(said).sum()
}

/// What one of so many counts when more than the usual say less and less.
fn tempered(length: f64, usual: f64) -> f64 {
    if length <= usual {
        1.0
    } else {
        usual * (1.0 + (length / usual).ln()) / length
    }
}

#[cfg(test)]
#[path = "scoring_tests.rs"]
mod tests;
