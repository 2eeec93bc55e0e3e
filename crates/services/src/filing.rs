//! Filing one document: its owner's topics and settings, the provider, and what was learned.

use crate::{FILING_TEXT_CHARS, Services, fault, filing_settings};
use classification::{
    Analysis, Classifier, Decision, Failure, Knowledge, Request, Spent, TopicKnowledge, TopicOption,
};
use database::{Correction, Gram, StoredFiling, ToFile, TopicCounts, UnitOfWork};
use domain::{DocumentId, FileName, ProviderName, Topic, UserId};
use secrecy::SecretString;
use std::time::Duration;

/// The providers' addresses, the keys that come from the environment, and how long one may take.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// Anthropic's API.
    pub anthropic_url: String,
    /// OpenAI's API.
    pub openai_url: String,
    /// Ollama.
    pub ollama_url: String,
    /// LM Studio.
    pub lmstudio_url: String,
    /// Used when the owner set none.
    pub anthropic_api_key: Option<SecretString>,
    /// Used when the owner set none.
    pub openai_api_key: Option<SecretString>,
    /// How long one answer may take.
    pub timeout: Duration,
}

impl Endpoints {
    /// Where a provider is reached; `None` for the built-in one.
    pub fn url(&self, provider: ProviderName) -> Option<&str> {
        match provider {
            ProviderName::Local => None,
            ProviderName::Anthropic => Some(&self.anthropic_url),
            ProviderName::Openai => Some(&self.openai_url),
            ProviderName::Ollama => Some(&self.ollama_url),
            ProviderName::Lmstudio => Some(&self.lmstudio_url),
        }
    }

    /// The key from the environment.
    pub fn api_key(&self, provider: ProviderName) -> Option<SecretString> {
        match provider {
            ProviderName::Anthropic => self.anthropic_api_key.clone(),
            ProviderName::Openai => self.openai_api_key.clone(),
            ProviderName::Local | ProviderName::Ollama | ProviderName::Lmstudio => None,
        }
    }
}

/// What came of a try to file.
pub(crate) enum Filing {
    /// The provider answered.
    Decided(ProviderName, Decision),
    /// It could not; the sentence says why. The document is unharmed.
    Failed(String),
}

impl Services {
    /// Asks the provider that files for this owner: theirs, or the one that goes before it.
    pub(crate) async fn file(
        &self,
        owner: UserId,
        file_name: &FileName,
        document: ToFile,
    ) -> Result<Filing, domain::Error> {
        let StoredFiling {
            settings: stored,
            rules,
            ..
        } = self.stored_filing(owner).await?;
        let provider = rules.in_use(stored.active_provider);
        let topics: Vec<TopicOption> = document.topics.into_iter().map(option).collect();
        let text = first_chars(&document.text, FILING_TEXT_CHARS);
        let knowledge = match provider {
            ProviderName::Local => Some(self.knowledge(owner, file_name, text).await?),
            _ => None,
        };
        let config = filing_settings::config(&self.parts, owner, &stored, &rules, provider);
        let classifier = match classification::build(config) {
            Ok(classifier) => classifier,
            Err(failure) => return Ok(Filing::Failed(sentence(failure))),
        };
        let request = Request {
            text,
            file_name: file_name.as_str(),
            topics: &topics,
            system_prompt: Some(stored.system_prompt.as_str()).filter(|prompt| !prompt.is_empty()),
            knowledge: knowledge.as_ref(),
        };
        self.ask(owner, classifier.as_ref(), &request).await
    }

    /// Asks, if the budget allows it. What costs nothing is not counted.
    async fn ask(
        &self,
        owner: UserId,
        classifier: &dyn Classifier,
        request: &Request<'_>,
    ) -> Result<Filing, domain::Error> {
        let provider = classifier.name();
        let estimate = classifier.estimate(request);
        let mut reserved = None;
        if estimate > 0 {
            reserved = self.reserve_tokens(owner, estimate).await?;
            if reserved.is_none() {
                return Ok(Filing::Failed(self.budget_used_up(provider)));
            }
        }
        let outcome = classifier.classify(request).await;
        telemetry::metrics::provider_call(
            provider.as_str(),
            outcome.decision.is_ok(),
            tokens(outcome.spent),
        );
        if let Some(reserved) = reserved {
            self.settle_tokens(reserved, outcome.spent).await;
        }
        if outcome.spent != Spent::Nothing {
            self.count_call(owner, provider, tokens(outcome.spent))
                .await;
        }
        Ok(match outcome.decision {
            Ok(decision) => Filing::Decided(provider, decision),
            Err(failure) => Filing::Failed(sentence(failure)),
        })
    }

    async fn knowledge(
        &self,
        owner: UserId,
        file_name: &FileName,
        text: &str,
    ) -> Result<Knowledge, domain::Error> {
        let document = Analysis::of(text, file_name.as_str());
        let learned = self
            .parts
            .database
            .learned(owner, &document.wanted_grams())
            .await
            .map_err(fault::of_database)?;
        Ok(Knowledge {
            per_topic: learned.into_iter().map(topic_knowledge).collect(),
            document: Some(document),
        })
    }
}

fn option(topic: Topic) -> TopicOption {
    TopicOption {
        id: topic.id,
        name: topic.name.as_str().to_owned(),
        description: topic.description.as_str().to_owned(),
    }
}

fn topic_knowledge(counts: TopicCounts) -> TopicKnowledge {
    TopicKnowledge {
        topic: counts.topic,
        examples: counts.examples,
        total: counts.total,
        counts: counts.counts,
    }
}

/// Has the built-in provider learn what a person says of a document now, and forget what they say no
/// longer. The owner's topics must be held.
pub(crate) async fn learn(
    work: &mut UnitOfWork,
    document: DocumentId,
    corrected: Correction,
) -> Result<(), domain::Error> {
    for topic in corrected.taken_off {
        work.unlearn(document, topic)
            .await
            .map_err(fault::of_database)?;
    }
    if corrected.said.is_empty() {
        return Ok(());
    }
    let grams = lesson_of(work, document).await?;
    for topic in corrected.said {
        work.learn(document, topic, &grams)
            .await
            .map_err(fault::of_database)?;
    }
    Ok(())
}

/// What a document teaches the topics that a person puts it under. Taken apart beside the runtime: a long
/// text takes milliseconds, and there may be hundreds.
async fn lesson_of(
    work: &mut UnitOfWork,
    document: DocumentId,
) -> Result<Vec<Gram>, domain::Error> {
    let teaches = work.teaches(document).await.map_err(fault::of_database)?;
    let lesson = tokio::task::spawn_blocking(move || lesson(&teaches.text, &teaches.filename));
    lesson.await.map_err(|error| {
        tracing::error!(%error, "a text could not be taken apart");
        domain::Error::internal()
    })
}

fn lesson(text: &str, file_name: &str) -> Vec<Gram> {
    classification::features(first_chars(text, FILING_TEXT_CHARS), file_name)
        .into_iter()
        .map(|feature| Gram {
            gram: feature.gram,
            count: feature.count,
        })
        .collect()
}

/// What a call took, where that is known.
fn tokens(spent: Spent) -> Option<u64> {
    match spent {
        Spent::Tokens(tokens) => Some(tokens),
        Spent::Nothing | Spent::Unknown => None,
    }
}

pub(crate) fn sentence(failure: Failure) -> String {
    match failure {
        Failure::Rejected(sentence)
        | Failure::Unavailable(sentence)
        | Failure::Nonsense(sentence) => sentence,
    }
}

/// The first `count` characters.
fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices()
        .nth(count)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}
