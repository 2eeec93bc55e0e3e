//! Documents.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// Its id.
    pub id: Uuid,
    /// The file's name as its owner gave it.
    pub original_name: String,
    /// The media type by content.
    pub content_type: String,
    /// How many bytes the file has.
    pub size_bytes: i64,
    /// `pending`, `processing`, `ready` or `failed`.
    #[schema(example = "ready")]
    pub status: String,
    /// `reading` or `filing` while `status` is `processing`.
    pub stage: Option<String>,
    /// The topics it is filed under, by name, sorted.
    pub topics: Vec<String>,
    /// The same topics with who filed it there, how sure and why.
    pub assigned: Vec<AssignedTopic>,
    /// Why it could not be filed, as a sentence. The document itself is unharmed.
    pub classification_error: Option<String>,
    /// Why filing chose no topic, as a sentence.
    pub classification_note: Option<String>,
    /// Why it could not be read, as a sentence, when `status` is `failed`.
    pub failure: Option<String>,
    /// What to know of the reading, as a sentence: that only a part of the file was read.
    pub reading_note: Option<String>,
    /// An older document with the same bytes.
    pub duplicate_of: Option<Uuid>,
    /// The archive or e-mail that it came out of, while that is there.
    #[serde(default)]
    pub parent_id: Option<Uuid>,
    /// Where it stood there: folders and name, divided by `/`.
    #[serde(default)]
    pub path: Option<String>,
    /// How many pages it has, once read.
    pub page_count: Option<i32>,
    /// Whether `GET /api/documents/{id}/thumbnail` has a picture.
    pub has_thumbnail: bool,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: Option<String>,
    /// The text that was read; only in `GET /api/documents/{id}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extracted_text: Option<String>,
    /// When it was uploaded.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When anything about it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A topic on a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssignedTopic {
    /// The topic's id.
    pub id: Uuid,
    /// The topic's name.
    pub name: String,
    /// The topic's colour, `#rrggbb`.
    pub color: String,
    /// `person` or `machine`. What a person set is never changed by the machine.
    pub by: String,
    /// The provider that chose it, when it was the machine.
    pub provider: Option<String>,
    /// How sure the machine was, 0 to 1.
    pub confidence: Option<f32>,
    /// The words of the text that decided it.
    pub reason: Option<String>,
}

/// What a document came out of, and what came out of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Relatives {
    /// The archive or e-mail that it came out of, while that is there.
    pub parent: Option<Relative>,
    /// What came out of it, by path.
    pub parts: Vec<Relative>,
}

/// A document that another came out of, or that came out of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Relative {
    /// Its id.
    pub id: Uuid,
    /// Its file's name.
    pub original_name: String,
    /// Where it stood in what it came out of.
    pub path: Option<String>,
    /// `pending`, `processing`, `ready` or `failed`.
    pub status: String,
}

/// One page of documents, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DocumentList {
    /// The documents of this page.
    pub documents: Vec<Document>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page's number, from 1.
    pub page: u32,
    /// How many documents a page has.
    pub per_page: u32,
    /// What to send as `cursor` for the next page; `null` when this is the last.
    pub next_cursor: Option<String>,
}

/// Which documents to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct DocumentQuery {
    /// Only those filed under the topic of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only those of this status: `pending`, `processing`, `ready` or `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Only those whose file's name holds this, in capitals or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The page's number, from 1. Far down a `cursor` is quicker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// Where to go on, instead of a page's number: the `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many documents a page has, 1 to 100; 20 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_page: Option<i64>,
}

/// Restricts a classification to some topics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassifyRequest {
    /// Names of the topics to choose from; all topics when left out.
    #[serde(default)]
    pub topics: Option<Vec<String>>,
}

/// The topics a person wants on a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTopics {
    /// Names of the topics; those not named are taken off.
    pub topics: Vec<String>,
}
