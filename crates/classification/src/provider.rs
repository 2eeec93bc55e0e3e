//! What goes into a provider and what comes out: the same for all of them.

use crate::Knowledge;
use async_trait::async_trait;
use domain::{ProviderName, TopicId};

/// A topic that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicOption {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub name: String,
    /// What it is about, in its owner's words; may be empty.
    pub description: String,
}

/// A document to be filed.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Its whole text; the crate bounds what it looks at and what it sends.
    pub text: &'a str,
    /// The name that a person gave the file.
    pub file_name: &'a str,
    /// The closed list to choose from.
    pub topics: &'a [TopicOption],
    /// What the owner adds to the prompt. Only the providers that have a prompt read it.
    pub system_prompt: Option<&'a str>,
    /// What corrections have taught. Only `local` reads it.
    pub knowledge: Option<&'a Knowledge>,
}

/// What a provider decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The topics, the surest first; empty when it abstains.
    pub topics: Vec<Filed>,
    /// A sentence on why nothing was chosen, or why something was left out.
    pub note: Option<String>,
}

/// One topic that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Filed {
    /// The topic.
    pub topic: TopicId,
    /// How sure the provider is, 0 to 1.
    pub confidence: f32,
    /// The words that decided, as they stand in the text (white space folded).
    pub reason: String,
}

/// What a call cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spent {
    /// Nothing: nobody was asked, or no answer came.
    #[default]
    Nothing,
    /// So many tokens, as the provider counted them.
    Tokens(u64),
    /// An answer came, without a count.
    Unknown,
}

/// How a try to file went, and what it cost. An answer that can't be used costs as much as a good one.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What was decided.
    pub decision: Result<Decision, Failure>,
    /// What it cost.
    pub spent: Spent,
}

/// Why a provider gave no decision. Each holds a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The settings are wrong (key, model, address); trying again does not help.
    #[error("{0}")]
    Rejected(String),
    /// The provider can't be reached or is too busy; it was tried again already.
    #[error("{0}")]
    Unavailable(String),
    /// The provider answered, and the answer can't be used.
    #[error("{0}")]
    Nonsense(String),
}

impl Failure {
    /// The sentence for people.
    pub fn sentence(&self) -> &str {
        match self {
            Self::Rejected(sentence) | Self::Unavailable(sentence) | Self::Nonsense(sentence) => {
                sentence
            }
        }
    }
}

/// A provider that files documents.
#[async_trait]
pub trait Classifier: Send + Sync {
    /// Which provider this is.
    fn name(&self) -> ProviderName;

    /// About how many tokens [`Classifier::classify`] will cost, rather too many than too few; 0 when
    /// it will ask nobody.
    fn estimate(&self, request: &Request<'_>) -> u64;

    /// Choose topics for a document, or abstain.
    async fn classify(&self, request: &Request<'_>) -> Outcome;

    /// Whether the provider can be reached and takes the key and the model.
    async fn health(&self) -> Result<(), Failure>;
}
