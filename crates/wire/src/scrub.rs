//! What was found when rows and store were compared.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// The last look whether every document's bytes are in the store and whole.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct ScrubReport {
    /// When it began; `null` when nobody has looked yet.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<OffsetDateTime>,
    /// When it came to its end; `null` while it goes on.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<OffsetDateTime>,
    /// How many documents it has looked at.
    pub documents: i64,
    /// How many bytes it has read.
    pub bytes: i64,
    /// How many objects it has seen in the store.
    pub objects: i64,
    /// How many objects are not as they should be.
    pub total: i64,
    /// The first hundred of them.
    pub findings: Vec<ScrubFinding>,
}

/// An object that is not as it should be.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct ScrubFinding {
    /// `missing`, `damaged` or `orphaned`.
    #[schema(example = "missing")]
    pub kind: String,
    /// The object's key in the store.
    pub object_key: String,
    /// The document that names it; `null` when none does.
    pub document_id: Option<Uuid>,
    /// The handle of the document's owner.
    pub owner: Option<String>,
    /// Whether it is the picture of the document's first page.
    pub picture: bool,
    /// What was seen, as a sentence.
    pub detail: String,
    /// What to do about it.
    pub advice: String,
}

impl ScrubReport {
    /// A scrub with what it found.
    pub fn new(scrub: domain::Scrub, findings: Vec<domain::Finding>) -> Self {
        Self {
            started_at: Some(scrub.started_at),
            finished_at: scrub.finished_at,
            documents: scrub.documents,
            bytes: scrub.bytes,
            objects: scrub.objects,
            total: scrub.findings,
            findings: findings.into_iter().map(ScrubFinding::from).collect(),
        }
    }
}

impl From<domain::Finding> for ScrubFinding {
    fn from(finding: domain::Finding) -> Self {
        Self {
            kind: finding.kind.as_str().to_owned(),
            advice: finding.advice().to_owned(),
            object_key: finding.object_key,
            document_id: finding.document.map(|id| id.0),
            owner: finding.owner,
            picture: finding.picture,
            detail: finding.detail,
        }
    }
}
