//! What is counted: right, wrong and abstained, and whether confidence keeps its word.

use crate::{
    draws::{Draw, Learned},
    texts::{Text, Texts},
};
use anyhow::{Result, anyhow};
use classification::{Classifier, Config, Knowledge, Request, build, likeliest};

/// One text that was asked about.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The place of the topic that it belongs under.
    pub expected: Option<usize>,
    /// The place of the topic that was chosen; `None` for an abstention.
    pub chosen: Option<usize>,
    /// How sure the provider said it was.
    pub confidence: f64,
}

impl Answer {
    /// Whether a topic was chosen, and the right one.
    pub fn is_right(&self) -> bool {
        self.chosen.is_some() && self.chosen == self.expected
    }
}

/// The counts of one or several runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Tally {
    /// Texts of a topic.
    pub asked: usize,
    /// Filed under it.
    pub right: usize,
    /// Filed under another.
    pub wrong: usize,
    /// Texts of no topic.
    pub of_none: usize,
    /// Filed all the same.
    pub of_none_filed: usize,
}

impl Tally {
    /// Of these answers.
    pub fn of(answers: &[Answer]) -> Self {
        let mut tally = Self::default();
        for answer in answers {
            let filed = answer.chosen.is_some();
            if answer.expected.is_none() {
                tally.of_none += 1;
                tally.of_none_filed += usize::from(filed);
            } else {
                tally.asked += 1;
                tally.right += usize::from(answer.is_right());
                tally.wrong += usize::from(filed && !answer.is_right());
            }
        }
        tally
    }

    /// The right ones of all texts of a topic, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        share(self.right, self.asked)
    }

    /// The right ones of those that were filed.
    pub fn of_answered(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// The texts of a topic that were left alone.
    pub fn abstained(&self) -> f64 {
        share(
            self.asked.saturating_sub(self.right + self.wrong),
            self.asked,
        )
    }

    /// The texts of no topic that were filed.
    pub fn wrongly_filed(&self) -> f64 {
        share(self.of_none_filed, self.of_none)
    }
}

/// A part of a whole; 1 of nothing.
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Files texts with `local`, through the API that the worker uses, after it was taught a draw.
///
/// # Errors
/// When the provider fails, which `local` never does.
pub async fn file<'a>(
    texts: &Texts,
    draw: &Draw<'_>,
    ask: impl IntoIterator<Item = &'a Text>,
) -> Result<Vec<Answer>> {
    let local = build(Config::default())?;
    let learned = Learned::from(&draw.learn);
    let mut answers = Vec::new();
    for text in ask {
        answers.push(file_one(local.as_ref(), texts, &learned, text).await?);
    }
    Ok(answers)
}

async fn file_one(
    local: &dyn Classifier,
    texts: &Texts,
    learned: &Learned,
    text: &Text,
) -> Result<Answer> {
    let knowledge = learned.for_document(texts, &text.text);
    let request = request(texts, text, &knowledge);
    let decision = local.classify(&request).await.decision?;
    let first = decision.topics.first();
    let chosen = match first {
        None => None,
        Some(filed) => Some(place(texts, filed.topic)?),
    };
    Ok(Answer {
        expected: text.topic,
        chosen,
        confidence: first.map_or(0.0, |filed| f64::from(filed.confidence)),
    })
}

/// A text without a name, to be filed by what is known.
fn request<'a>(texts: &'a Texts, text: &'a Text, knowledge: &'a Knowledge) -> Request<'a> {
    Request {
        text: &text.text,
        file_name: "",
        topics: &texts.topics,
        system_prompt: None,
        knowledge: Some(knowledge),
    }
}

fn place(texts: &Texts, topic: domain::TopicId) -> Result<usize> {
    let found = texts.topics.iter().position(|option| option.id == topic);
    found.ok_or_else(|| anyhow!("`local` chose a topic that is not there"))
}

/// The scores behind the confidence, and whether the likeliest topic is the right one: what the
/// calibration is fitted to.
///
/// # Errors
/// When `local` answers with a topic that is not there.
pub fn scores(texts: &Texts, draw: &Draw<'_>, ask: &[&Text]) -> Result<Vec<(f64, bool)>> {
    let learned = Learned::from(&draw.learn);
    let mut scores = Vec::with_capacity(ask.len());
    for text in ask {
        let knowledge = learned.for_document(texts, &text.text);
        let request = request(texts, text, &knowledge);
        if let Some((topic, score)) = likeliest(&request) {
            scores.push((score, Some(place(texts, topic)?) == text.topic));
        }
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abstention_is_neither_right_nor_wrong() {
        let answer = |expected, chosen| Answer {
            expected,
            chosen,
            confidence: 0.9,
        };
        let tally = Tally::of(&[
            answer(Some(1), Some(1)),
            answer(Some(1), Some(2)),
            answer(Some(1), None),
            answer(Some(2), None),
            answer(None, None),
            answer(None, Some(1)),
        ]);
        assert_eq!(
            (
                tally.asked,
                tally.right,
                tally.wrong,
                tally.of_none,
                tally.of_none_filed
            ),
            (4, 1, 1, 2, 1)
        );
        assert_eq!((tally.accuracy(), tally.of_answered()), (0.25, 0.5));
        assert_eq!((tally.abstained(), tally.wrongly_filed()), (0.5, 0.5));
    }
}
