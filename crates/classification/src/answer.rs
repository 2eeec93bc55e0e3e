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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::TopicId;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn topics() -> Vec<TopicOption> {
        [("Insurance", 1), ("Rent", 2)]
            .map(|(name, id)| TopicOption {
                id: TopicId(Uuid::from_u128(id)),
                name: name.to_owned(),
                description: String::new(),
            })
            .to_vec()
    }

    fn read_all(text: &str, topics: &[TopicOption]) -> Result<Answer, Failure> {
        ProviderName::ALL
            .into_iter()
            .map(|provider| read(provider, text, topics))
            .next_back()
            .unwrap_or_else(|| Err(Failure::Nonsense(String::new())))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn any_text_is_read_or_refused_in_a_sentence(text in "[\\PC\n]{0,200}") {
            match read_all(&text, &topics()) {
                Ok(_) => prop_assert!(text.contains("topics")),
                Err(Failure::Nonsense(said)) => prop_assert!(said.contains("can't be read")),
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }

        #[test]
        fn any_pieces_of_an_answer_end(pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"topics\"", "\"topic\"", "\"quote\"", "\"topic_fit\"", "\"note\"", "\"Rent\"",
            "1e999", "-1", "null", "0.5", "```json\n", "```", "\\u0000", "\"", "ä",
        ]), 0..40)) {
            let _either = read_all(&pieces.concat(), &topics());
        }

        /// Only topics that there are come back, whatever the model calls them.
        #[test]
        fn a_topic_is_one_of_those_that_were_named(name in "(Rent|Insurance|rent|[\\PC]{0,20})", quote in "[\\PC]{0,40}", fence: bool) {
            let topics = topics();
            let written = serde_json::json!({ "topics": [{ "topic": name, "quote": quote, "topic_fit": 0.9 }] }).to_string();
            let text = if fence { format!("Here it is:\n```json\n{written}\n```") } else { written };
            let answer = read_all(&text, &topics).expect("well-formed");
            let expected = topics.iter().find(|topic| topic.name == name).map(|topic| topic.id);
            let found: Vec<_> = answer.suggestions.iter().map(|one| one.topic).collect();
            prop_assert_eq!(found, vec![expected]);
        }
    }
}
