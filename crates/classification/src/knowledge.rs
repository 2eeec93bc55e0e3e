//! What corrections have taught `local`: how often each gram stood in the documents of a topic.
//!
//! The caller keeps the counts, adds the [features](crate::features()) of a document when a person files
//! it, takes them away when the person removes it, and loads only the
//! [grams wanted](crate::wanted_grams) for the document at hand.

use domain::TopicId;
use std::collections::HashMap;

/// The counts that matter for one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// One entry for each topic that has examples.
    pub per_topic: Vec<TopicKnowledge>,
    /// How many different grams are known over all topics.
    pub vocabulary: u64,
}

/// What is known of one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicKnowledge {
    /// The topic.
    pub topic: TopicId,
    /// How many documents taught it.
    pub examples: u32,
    /// The sum of all its gram counts, of those that are not loaded too.
    pub total: u64,
    /// The counts of the grams that are wanted for the document at hand.
    pub counts: HashMap<String, u32>,
}
