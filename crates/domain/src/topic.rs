//! Topics: the headings under which an owner files documents.

use crate::{Color, TopicDescription, TopicId, TopicName};
use serde::{Deserialize, Serialize};

/// A topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Its name, unique for its owner.
    pub name: TopicName,
    /// What it is about.
    pub description: TopicDescription,
    /// Its colour.
    pub color: Color,
}

/// A topic, and how many documents are filed under it.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicWithCount {
    /// The topic.
    pub topic: Topic,
    /// How many of its owner's documents are filed under it.
    pub doc_count: i64,
}

/// Who filed a document under a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssignedBy {
    /// A person; the machine never changes it.
    Person,
    /// A classification provider.
    Machine,
}

impl AssignedBy {
    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Machine => "machine",
        }
    }

    /// Who a stored word means.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Person, Self::Machine]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// A topic on a document: who put it there, how sure, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct AssignedTopic {
    /// The topic's id.
    pub id: TopicId,
    /// The topic's name.
    pub name: TopicName,
    /// The topic's colour.
    pub color: Color,
    /// Who put it there.
    pub by: AssignedBy,
    /// Which provider, when it was the machine.
    pub provider: Option<String>,
    /// How sure the machine was, 0 to 1.
    pub confidence: Option<f32>,
    /// The words of the text that decided it.
    pub reason: Option<String>,
}
