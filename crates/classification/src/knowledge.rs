//! What corrections have taught `local`: how often each gram stood in the documents of a topic.
//!
//! The caller keeps the counts, adds the [features](crate::features()) of a document when a person files
//! it, takes them away when the person removes it, and loads only the
//! [grams wanted](Analysis::wanted_grams) for the document at hand.

use crate::Analysis;
use domain::TopicId;
use std::collections::HashMap;

/// The counts that matter for one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// One entry for each topic that has examples.
    pub per_topic: Vec<TopicKnowledge>,
    /// The document itself: whoever asked for the counts has taken it apart for that.
    pub document: Option<Analysis>,
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
