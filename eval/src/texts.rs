//! The labelled texts: what may be learned from, and what is held out.
//!
//! `texts/topics.txt` has a line for each topic. Each collection of papers has a folder, in it each topic
//! has one, and `none` holds what belongs under none. `learn.*` may be learned from, by whoever sets a
//! constant too; `held_out.*` is for measuring alone. One file per language, the texts divided by lines
//! of three hyphens.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use classification::TopicOption;
use domain::TopicId;
use uuid::Uuid;

/// The folder of texts that belong under no topic.
const NO_TOPIC: &str = "none";
const LANGUAGES: [&str; 2] = ["en", "de"];
const BETWEEN: &str = "\n---\n";

/// A collection of papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Papers {
    /// No two from the same sender, many of them short.
    Varied,
    /// Those of a household, over years: most senders write several times. Written blind, from the
    /// topics alone, without a look at the classifier, its words or the other collection.
    Household,
}

impl Papers {
    /// All collections.
    pub const ALL: [Self; 2] = [Self::Varied, Self::Household];

    /// Its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Varied => "varied",
            Self::Household => "household",
        }
    }
}

/// Which half of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// May be learned from.
    Learn,
    /// Is never learned from.
    HeldOut,
}

impl Half {
    fn stem(self) -> &'static str {
        match self {
            Self::Learn => "learn",
            Self::HeldOut => "held_out",
        }
    }
}

/// One text.
#[derive(Clone, Debug)]
pub struct Text {
    /// The place of its topic in [`Texts::topics`]; `None` for a text of no topic.
    pub topic: Option<usize>,
    /// What it says.
    pub text: String,
}

/// All of them.
#[derive(Debug)]
pub struct Texts {
    /// The topics as their owner would write them.
    pub topics: Vec<TopicOption>,
    /// What may be learned from; of each topic the languages in turns.
    pub learn: Vec<Text>,
    /// What is held out.
    pub held_out: Vec<Text>,
}

impl Texts {
    /// Reads a collection.
    ///
    /// # Errors
    /// When a file is missing or empty.
    pub fn of(papers: Papers) -> Result<Self> {
        let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts");
        let list = read(&all.join("topics.txt"))?;
        let folder = all.join(papers.name());
        let mut texts = Self {
            topics: Vec::new(),
            learn: Vec::new(),
            held_out: Vec::new(),
        };
        for line in list.lines().filter(|line| !line.trim().is_empty()) {
            let mut parts = line.splitn(3, '|').map(str::trim);
            let mut part = || {
                parts
                    .next()
                    .context("a topic has a folder, a name and a description")
            };
            let (own, name, description) = (part()?, part()?, part()?);
            let topic = texts.topics.len();
            texts.topics.push(TopicOption {
                id: TopicId(Uuid::from_u128(topic as u128 + 1)),
                name: name.to_owned(),
                description: description.to_owned(),
            });
            texts.add(&folder.join(own), Some(topic))?;
        }
        texts.add(&folder.join(NO_TOPIC), None)?;
        Ok(texts)
    }

    fn add(&mut self, folder: &Path, topic: Option<usize>) -> Result<()> {
        for half in [Half::Learn, Half::HeldOut] {
            let [english, german] = LANGUAGES.map(|language| {
                let name = format!("{}.{language}.txt", half.stem());
                divided(&folder.join(name))
            });
            let texts = in_turns(english?, german?)
                .into_iter()
                .map(|text| Text { topic, text });
            match half {
                Half::Learn => self.learn.extend(texts),
                Half::HeldOut => self.held_out.extend(texts),
            }
        }
        Ok(())
    }

    /// The same texts under topics whose names say nothing, as a model sees them that knows labels alone.
    #[must_use]
    pub fn without_names(self) -> Self {
        let topics = self.topics.into_iter().enumerate();
        Self {
            topics: topics
                .map(|(place, topic)| TopicOption {
                    name: format!("{place}"),
                    description: String::new(),
                    ..topic
                })
                .collect(),
            ..self
        }
    }

    /// The texts of one topic, or of none, that may be learned from.
    pub fn to_learn(&self, topic: Option<usize>) -> Vec<&Text> {
        self.learn
            .iter()
            .filter(|text| text.topic == topic)
            .collect()
    }
}

fn divided(file: &Path) -> Result<Vec<String>> {
    let texts: Vec<String> = read(file)?
        .split(BETWEEN)
        .map(|text| text.trim().to_owned())
        .collect();
    ensure!(
        texts.iter().all(|text| !text.is_empty()),
        "`{}` has an empty text",
        file.display()
    );
    Ok(texts)
}

/// One of the first, one of the second, and so on; what is left of the longer comes last.
fn in_turns(first: Vec<String>, second: Vec<String>) -> Vec<String> {
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut all = Vec::new();
    loop {
        let pair = [first.next(), second.next()];
        if pair.iter().all(Option::is_none) {
            return all;
        }
        all.extend(pair.into_iter().flatten());
    }
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("`{}` could not be read", file.display()))
}
