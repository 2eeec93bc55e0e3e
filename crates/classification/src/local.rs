//! Our own provider: no key, no network. It knows the topics by their names and descriptions, and
//! learns from what people correct.

use crate::{
    Failure, Request, Spent,
    excerpt::Excerpt,
    features::{Analysis, analyse},
    guard::{Answer, Backend, Evidence, Suggestion},
    scoring::{Score, score},
};
use async_trait::async_trait;
use domain::ProviderName;

/// The score at which a topic is as likely right as wrong, and how fast that changes.
const EVEN: f64 = 4.0;
const SLOPE: f64 = 2.5;
/// Under this it abstains: a wrong heading costs its owner more than a missing one.
const LEAST_CONFIDENCE: f64 = 0.5;
/// A second topic must be clear by itself and nearly as clear as the first.
const SECOND_SCORE: f64 = 12.0;
const SECOND_SHARE: f64 = 0.6;
const MAX_WORDS: usize = 4;

/// The provider. It has nothing to set up.
pub(crate) struct Local;

#[async_trait]
impl Backend for Local {
    fn name(&self) -> ProviderName {
        ProviderName::Local
    }

    async fn suggest(
        &self,
        request: &Request<'_>,
        excerpt: &Excerpt<'_>,
        _spent: &mut Spent,
    ) -> Result<Answer, Failure> {
        let document = analyse(excerpt, request.file_name);
        let mut scores = score(&document.features, request.topics, request.knowledge);
        scores.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
        let suggestions: Vec<_> = chosen(&scores)
            .map(|(score, sure)| suggestion(score, sure, &document))
            .collect();
        let note = suggestions.is_empty().then(|| abstention(request));
        Ok(Answer { suggestions, note })
    }

    async fn health(&self) -> Result<(), Failure> {
        Ok(())
    }
}

/// The topics that are clear enough, with how sure that is; `scores` has the best first.
fn chosen<'a, 'b>(scores: &'b [Score<'a>]) -> impl Iterator<Item = (&'b Score<'a>, f64)> {
    let best = scores.first().map_or(0.0, |score| score.log_odds);
    let also =
        |score: &Score<'_>| score.log_odds >= SECOND_SCORE && score.log_odds >= SECOND_SHARE * best;
    let count = 1 + scores
        .iter()
        .skip(1)
        .take_while(|score| also(score))
        .count();
    let next = scores
        .get(count)
        .map_or(f64::NEG_INFINITY, |score| score.log_odds);
    scores
        .iter()
        .take(count)
        .map(move |score| {
            (
                score,
                logistic(score.log_odds - EVEN) * logistic(score.log_odds - next),
            )
        })
        .filter(|(_, sure)| *sure >= LEAST_CONFIDENCE)
}

fn logistic(distance: f64) -> f64 {
    1.0 / (1.0 + (-distance / SLOPE).exp())
}

fn suggestion(score: &Score<'_>, sure: f64, document: &Analysis) -> Suggestion {
    Suggestion {
        topic: Some(score.topic),
        confidence: sure as f32,
        evidence: Evidence::Words(words(score, document)),
    }
}

/// The strongest words as they stand in the document; a word whose pair was named is not named again.
fn words(score: &Score<'_>, document: &Analysis) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for deciding in &score.deciding {
        let Some(surface) = document.surface(deciding.gram) else {
            continue;
        };
        let lower = surface.to_lowercase();
        let repeated = words
            .iter()
            .any(|w| w.to_lowercase().contains(&lower) || lower.contains(&w.to_lowercase()));
        if !repeated {
            words.push(surface.to_owned());
        }
        if words.len() == MAX_WORDS {
            break;
        }
    }
    words
}

fn abstention(request: &Request<'_>) -> String {
    let taught = request
        .knowledge
        .is_some_and(|knowledge| knowledge.per_topic.iter().any(|t| t.examples > 0));
    let note = if taught {
        "No topic fits the words of this document well enough. File it yourself, and similar ones will follow."
    } else {
        "No topic's name or description fits this document well enough, and there are no examples to learn from yet. \
         File it yourself, and similar ones will follow."
    };
    note.to_owned()
}
