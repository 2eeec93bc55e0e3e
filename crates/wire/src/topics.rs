//! Topics.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Its colour, `#rrggbb`.
    #[schema(example = "#6366f1")]
    pub color: String,
    /// How many documents are filed under it.
    pub doc_count: i64,
}

/// A topic to choose: without its count, which takes the longer the more documents there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicChoice {
    /// Its name.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub color: String,
}

/// All topics, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicList {
    /// The topics.
    pub topics: Vec<Topic>,
}

/// A topic to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NewTopic {
    /// Its name: 1 to 80 characters.
    pub name: String,
    /// What it is about; the machine reads this too.
    #[serde(default)]
    pub description: String,
    /// Its colour, `#rrggbb`.
    #[serde(default = "default_color")]
    #[schema(default = "#6366f1")]
    pub color: String,
}

fn default_color() -> String {
    "#6366f1".to_owned()
}

/// What to change about a topic; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicPatch {
    /// A new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A new description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A new colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}
