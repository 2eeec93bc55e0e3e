//! Errors as RFC 9457 `application/problem+json`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `about:blank`, as the status says it all (RFC 9457, 4.2.1).
    #[serde(rename = "type")]
    pub type_: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for people: what happened, then what to do.
    pub detail: String,
    /// Stable, for programs.
    pub code: String,
    /// The fields that were refused (422).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// Where: `["body", "name"]`.
    pub loc: Vec<String>,
    /// A sentence that says what to do.
    pub msg: String,
    /// `value_error`.
    #[serde(rename = "type")]
    pub type_: String,
}
