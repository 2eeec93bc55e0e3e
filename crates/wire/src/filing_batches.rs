//! Acts on many documents' filing, which can be undone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Documents to be classified again, together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassifyTogether {
    /// Which, 1 to 500.
    pub documents: Vec<Uuid>,
    /// Names of the topics to choose from; all topics when left out.
    #[serde(default)]
    pub topics: Option<Vec<String>>,
}

/// Documents to be put under topics, or taken off them, together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileTogether {
    /// Which, 1 to 500.
    pub documents: Vec<Uuid>,
    /// Names of topics to put them under.
    #[serde(default)]
    pub add: Vec<String>,
    /// Names of topics to take them off.
    #[serde(default)]
    pub remove: Vec<String>,
}

/// What was done together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FilingBatch {
    /// By which it can be undone.
    pub id: Uuid,
    /// The documents in it.
    pub documents: Vec<Uuid>,
    /// Those that were left as they are: they are still being read or filed, or could not be read.
    pub left_out: Vec<Uuid>,
}

/// What undoing a batch did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UndoneBatch {
    /// The documents that have again what they had before. Those whose topics a person has set since, or
    /// that are in a later batch, stay as they are.
    pub restored: Vec<Uuid>,
}
