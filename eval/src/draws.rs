//! Which texts are learned from, for a point of the learning curve.

use crate::texts::{Text, Texts};
use classification::{Analysis, Feature, Knowledge, TopicKnowledge, features};
use std::collections::{HashMap, HashSet};

/// How many corrected examples per topic a point of the curve has.
pub const EXAMPLES: [usize; 5] = [0, 1, 3, 10, 30];
/// How often a point is measured, each time with other examples.
const DRAWS: usize = 5;
/// From one draw to the next, so many texts further on. Odd, so that the languages change places.
const STEP: usize = 7;

/// Texts to learn from: so many of each topic.
#[derive(Clone, Debug)]
pub struct Draw<'a> {
    /// How many per topic.
    pub examples: usize,
    /// The texts.
    pub learn: Vec<&'a Text>,
    /// As many of no topic, for a model that learns those too. `local` learns from corrections alone.
    pub of_none: Vec<&'a Text>,
}

impl Draw<'_> {
    /// Those of these texts that are not learned from.
    pub fn others<'a>(&self, texts: &'a [Text]) -> Vec<&'a Text> {
        let learned = |text: &Text| self.learn.iter().any(|one| std::ptr::eq(*one, text));
        texts.iter().filter(|text| !learned(text)).collect()
    }
}

/// The draws for a point of the curve: always the same, so that everything is measured on the same ones.
pub fn draws(texts: &Texts, examples: usize) -> Vec<Draw<'_>> {
    let smallest = (0..texts.topics.len())
        .map(|topic| texts.to_learn(Some(topic)).len())
        .min()
        .unwrap_or_default();
    let different = examples > 0 && examples + STEP <= smallest;
    let count = if different { DRAWS } else { 1 };
    (0..count)
        .map(|draw| {
            let of = |topic| some(texts.to_learn(topic), examples, draw * STEP);
            Draw {
                examples,
                learn: (0..texts.topics.len())
                    .flat_map(|topic| of(Some(topic)))
                    .collect(),
                of_none: of(None),
            }
        })
        .collect()
}

/// So many of the list, from that place on, around its end.
fn some(texts: Vec<&Text>, count: usize, from: usize) -> Vec<&Text> {
    let length = texts.len();
    texts
        .into_iter()
        .cycle()
        .skip(from)
        .take(count.min(length))
        .collect()
}

/// What the database holds after people filed these texts.
#[derive(Debug, Default)]
pub struct Learned(HashMap<usize, Lessons>);

#[derive(Debug, Default)]
struct Lessons {
    examples: u32,
    total: u64,
    counts: HashMap<String, u32>,
}

impl Learned {
    /// From these texts.
    pub fn from(texts: &[&Text]) -> Self {
        let mut learned = Self::default();
        for text in texts {
            if let Some(topic) = text.topic {
                learned
                    .0
                    .entry(topic)
                    .or_default()
                    .add(&features(&text.text, ""));
            }
        }
        learned
    }

    /// The part that is loaded for a document, as the services do it.
    pub fn for_document(&self, texts: &Texts, text: &str) -> Knowledge {
        let document = Analysis::of(text, "");
        let wanted: HashSet<String> = document.wanted_grams().into_iter().collect();
        let of = |(place, lessons): (&usize, &Lessons)| {
            Some(TopicKnowledge {
                topic: texts.topics.get(*place)?.id,
                examples: lessons.examples,
                total: lessons.total,
                counts: lessons
                    .counts
                    .iter()
                    .filter(|(gram, _)| wanted.contains(*gram))
                    .map(|(gram, count)| (gram.clone(), *count))
                    .collect(),
            })
        };
        Knowledge {
            per_topic: self.0.iter().filter_map(of).collect(),
            document: Some(document),
        }
    }
}

impl Lessons {
    fn add(&mut self, features: &[Feature]) {
        self.examples += 1;
        for feature in features {
            self.total += u64::from(feature.count);
            *self.counts.entry(feature.gram.clone()).or_default() += feature.count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Papers;

    #[test]
    fn a_draw_has_so_many_of_each_topic_and_none_that_is_held_out() {
        for papers in Papers::ALL {
            let texts = Texts::of(papers).unwrap();
            let held_out: HashSet<&str> = texts.held_out.iter().map(|t| t.text.as_str()).collect();
            for examples in EXAMPLES {
                for draw in draws(&texts, examples) {
                    assert_eq!(draw.learn.len(), examples * texts.topics.len());
                    let different: HashSet<&str> =
                        draw.learn.iter().map(|t| t.text.as_str()).collect();
                    assert_eq!(different.len(), draw.learn.len());
                    assert!(different.is_disjoint(&held_out));
                }
            }
            assert_eq!(draws(&texts, 10).len(), DRAWS);
        }
    }
}
