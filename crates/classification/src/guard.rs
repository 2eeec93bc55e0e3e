//! The rules that every provider obeys, in one place.
//!
//! A provider says what it suggests; this decides what counts. Text that is too thin never reaches
//! a provider, and nothing leaves that is not on the list or has no words of the document behind it.

use crate::{
    Classifier, Decision, Failure, Filed, Outcome, Request, Spent,
    excerpt::Excerpt,
    quote::{locate, one_line},
};
use async_trait::async_trait;
use domain::{ProviderName, TopicId};

/// With fewer letters there is nothing to go by.
const MIN_LETTERS: usize = 20;
/// A document under more topics than this is filed under none in particular.
const MAX_TOPICS: usize = 5;
const MAX_REASON_CHARS: usize = 300;
const MAX_NOTE_CHARS: usize = 300;

/// A provider as it is written: it answers, and the guard judges.
#[async_trait]
pub(crate) trait Backend: Send + Sync {
    fn name(&self) -> ProviderName;
    /// About how many tokens `suggest` will cost.
    fn estimate(&self, _request: &Request<'_>, _excerpt: &Excerpt<'_>) -> u64 {
        0
    }
    /// `excerpt` is the bounded text of `request`; `spent` is set once an answer came, also when the
    /// answer is of no use.
    async fn suggest(
        &self,
        request: &Request<'_>,
        excerpt: &Excerpt<'_>,
        spent: &mut Spent,
    ) -> Result<Answer, Failure>;
    async fn health(&self) -> Result<(), Failure>;
}

/// What a provider said.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub suggestions: Vec<Suggestion>,
    pub note: Option<String>,
}

/// One topic that a provider suggests.
#[derive(Debug)]
pub(crate) struct Suggestion {
    /// `None` when it named a topic that does not exist.
    pub topic: Option<TopicId>,
    pub confidence: f32,
    pub evidence: Evidence,
}

/// The words behind a suggestion.
#[derive(Debug)]
pub(crate) enum Evidence {
    /// One passage of the text.
    Quote(String),
    /// Single words of the text or of the file name.
    Words(Vec<String>),
}

/// A provider that can't break the rules.
pub(crate) struct Guarded<B> {
    backend: B,
    max_chars: usize,
}

impl<B: Backend> Guarded<B> {
    pub(crate) fn new(backend: B, max_chars: usize) -> Self {
        Self { backend, max_chars }
    }

    async fn decide(&self, request: &Request<'_>, spent: &mut Spent) -> Result<Decision, Failure> {
        if let Some(note) = objection(request) {
            return Ok(abstain(note));
        }
        let excerpt = Excerpt::of(request.text, self.max_chars);
        let answer = self.backend.suggest(request, &excerpt, spent).await?;
        judge(self.backend.name(), answer, request, &excerpt)
    }
}

#[async_trait]
impl<B: Backend> Classifier for Guarded<B> {
    fn name(&self) -> ProviderName {
        self.backend.name()
    }

    fn estimate(&self, request: &Request<'_>) -> u64 {
        if objection(request).is_some() {
            return 0;
        }
        let excerpt = Excerpt::of(request.text, self.max_chars);
        self.backend.estimate(request, &excerpt)
    }

    async fn classify(&self, request: &Request<'_>) -> Outcome {
        let mut spent = Spent::Nothing;
        let decision = self.decide(request, &mut spent).await;
        Outcome { decision, spent }
    }

    async fn health(&self) -> Result<(), Failure> {
        self.backend.health().await
    }
}

/// Why it makes no sense to ask.
fn objection(request: &Request<'_>) -> Option<&'static str> {
    let letters = request.text.chars().filter(|c| c.is_alphabetic());
    if letters.take(MIN_LETTERS).count() < MIN_LETTERS {
        return Some("The document has too little text to be filed.");
    }
    request
        .topics
        .is_empty()
        .then_some("There are no topics to choose from. Add one, then classify again.")
}

fn abstain(note: &str) -> Decision {
    Decision {
        topics: Vec::new(),
        note: Some(note.to_owned()),
    }
}

fn judge(
    provider: ProviderName,
    answer: Answer,
    request: &Request<'_>,
    excerpt: &Excerpt<'_>,
) -> Result<Decision, Failure> {
    let mut topics = Vec::new();
    let mut unproven = Vec::new();
    let mut unknown = 0_usize;
    for suggestion in answer.suggestions {
        let listed = suggestion
            .topic
            .and_then(|id| request.topics.iter().find(|t| t.id == id));
        let Some(topic) = listed else {
            unknown += 1;
            continue;
        };
        match proven(&suggestion.evidence, request, excerpt) {
            Some(reason) => keep(
                &mut topics,
                Filed {
                    topic: topic.id,
                    confidence: clamp(suggestion.confidence),
                    reason,
                },
            ),
            None => unproven.push(topic.name.as_str()),
        }
    }
    if unknown > 0 {
        tracing::debug!(
            provider = provider.as_str(),
            unknown,
            "a provider chose topics that do not exist"
        );
    }
    if topics.is_empty() && unproven.is_empty() && unknown > 0 {
        return Err(Failure::Nonsense(format!(
            "{} chose topics that do not exist. Try again, or choose another model in Settings.",
            provider.spoken()
        )));
    }
    topics.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    topics.truncate(MAX_TOPICS);
    let note = note(&topics, &unproven, answer.note);
    Ok(Decision { topics, note })
}

/// The reason to show, when the words stand where they are said to stand.
fn proven(evidence: &Evidence, request: &Request<'_>, excerpt: &Excerpt<'_>) -> Option<String> {
    let parts = excerpt.parts();
    let reason = match evidence {
        Evidence::Quote(quote) => one_line(parts.into_iter().find_map(|part| locate(part, quote))?),
        Evidence::Words(words) => {
            let stands = |word: &str| {
                parts
                    .iter()
                    .chain([&request.file_name])
                    .any(|part| part.contains(word))
            };
            let found: Vec<_> = words
                .iter()
                .filter(|word| stands(word))
                .map(|word| one_line(word))
                .collect();
            found.join(" · ")
        }
    };
    (!reason.is_empty()).then(|| bounded(&reason, MAX_REASON_CHARS))
}

/// Adds a topic; of a topic that was named twice the surer stays.
fn keep(topics: &mut Vec<Filed>, new: Filed) {
    match topics.iter_mut().find(|t| t.topic == new.topic) {
        Some(old) if old.confidence < new.confidence => *old = new,
        Some(_) => {}
        None => topics.push(new),
    }
}

fn note(topics: &[Filed], unproven: &[&str], said: Option<String>) -> Option<String> {
    let said = said
        .map(|s| bounded(&one_line(&s), MAX_NOTE_CHARS))
        .filter(|s| !s.is_empty());
    match (unproven.first(), topics.is_empty()) {
        (Some(_), _) => Some(format!(
            "Left out, because the words given for it are not in the text: {}.",
            bounded(&unproven.join(", "), MAX_NOTE_CHARS)
        )),
        (None, true) => Some(said.unwrap_or_else(|| "No topic fits this document.".to_owned())),
        (None, false) => None,
    }
}

fn clamp(confidence: f32) -> f32 {
    if confidence.is_nan() {
        0.0
    } else {
        confidence.clamp(0.0, 1.0)
    }
}

fn bounded(text: &str, max_chars: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(max_chars)
        .collect()
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
