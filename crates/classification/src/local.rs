//! Our own provider: no key, no network. It knows the topics by their names and descriptions, and
//! learns from what people correct.

use crate::{
    Failure, Request, Spent,
    calibration::confidence,
    excerpt::{Excerpt, LOCAL_TEXT_CHARS},
    features::{Analysis, analyse},
    guard::{Answer, Backend, Evidence, Suggestion},
    scoring::{Score, score},
};
use async_trait::async_trait;
use domain::{ProviderName, TopicId};
use std::borrow::Cow;

/// Under this it abstains: a wrong heading costs its owner more than a missing one.
const LEAST_CONFIDENCE: f64 = 0.5;
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
        let document = taken_apart(request, excerpt);
        let scores = score(&document.features, request.topics, request.knowledge);
        // The topics share one whole, so that no more than one is likelier than not.
        let suggestions: Vec<_> = scores
            .first()
            .map(|score| (score, confidence(score.log_odds)))
            .filter(|(_, sure)| *sure >= LEAST_CONFIDENCE)
            .map(|(score, sure)| suggestion(score, sure, &document))
            .into_iter()
            .collect();
        let note = suggestions.is_empty().then(|| abstention(request));
        Ok(Answer { suggestions, note })
    }

    async fn health(&self) -> Result<(), Failure> {
        Ok(())
    }
}

/// The topic that `local` finds likeliest, however unlikely that is, and the score behind its confidence:
/// for the evaluation, which fits the one to the other. `None` without topics.
pub fn likeliest(request: &Request<'_>) -> Option<(TopicId, f64)> {
    let document = taken_apart(request, &Excerpt::of(request.text, LOCAL_TEXT_CHARS));
    score(&document.features, request.topics, request.knowledge)
        .first()
        .map(|score| (score.topic, score.log_odds))
}

/// The document's words, which the caller may have brought along.
fn taken_apart<'a>(request: &Request<'a>, excerpt: &Excerpt<'_>) -> Cow<'a, Analysis> {
    request
        .knowledge
        .and_then(|knowledge| knowledge.document.as_ref())
        .map_or_else(
            || Cow::Owned(analyse(excerpt, request.file_name)),
            Cow::Borrowed,
        )
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
