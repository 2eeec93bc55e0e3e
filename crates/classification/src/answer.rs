//! Reads what a model wrote: JSON by our schema, from names back to topics.

use crate::{
    Failure, TopicOption,
    guard::{Answer, Evidence, Suggestion},
};
use domain::ProviderName;
use serde::Deserialize;

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    note: String,
    topics: Vec<WrittenTopic>,
}

#[derive(Deserialize)]
struct WrittenTopic {
    quote: String,
    topic: String,
    topic_fit: f32,
}

/// The answer in `text`.
pub(crate) fn read(
    provider: ProviderName,
    text: &str,
    topics: &[TopicOption],
) -> Result<Answer, Failure> {
    let written: Written = serde_json::from_str(object(text)).map_err(|error| {
        tracing::debug!(provider = provider.as_str(), %error, "a model's answer does not follow the schema");
        unreadable(provider)
    })?;
    let suggestions = written
        .topics
        .into_iter()
        .map(|choice| suggestion(choice, topics))
        .collect();
    Ok(Answer {
        suggestions,
        note: Some(written.note),
    })
}

/// The sentence for an answer that can't be read.
pub(crate) fn unreadable(provider: ProviderName) -> Failure {
    Failure::Nonsense(format!(
        "{} gave an answer that can't be read. Try again, or choose another model in Settings.",
        provider.spoken()
    ))
}

/// The JSON object in an answer; some models put a fence around it in spite of the schema.
fn object(text: &str) -> &str {
    let (Some(start), Some(end)) = (text.find('{'), text.rfind('}')) else {
        return text;
    };
    text.get(start..=end).unwrap_or(text)
}

fn suggestion(choice: WrittenTopic, topics: &[TopicOption]) -> Suggestion {
    Suggestion {
        topic: topics
            .iter()
            .find(|topic| topic.name == choice.topic)
            .map(|topic| topic.id),
        confidence: choice.topic_fit,
        evidence: Evidence::Quote(choice.quote),
    }
}
