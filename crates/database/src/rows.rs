//! From row values to domain values. A value that does not convert names its table, column and row.

use crate::Error;
use domain::{
    AssignedBy, AssignedTopic, Color, Document, DocumentId, DocumentStatus, FileName, Sha256,
    Stage, Topic, TopicDescription, TopicId, TopicName,
};
use serde::Deserialize;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

/// The columns of a document that its owner sees.
pub(crate) struct DocumentRow {
    pub id: Uuid,
    pub filename: String,
    pub content_type: String,
    pub size_bytes: i64,
    pub sha256: Option<Vec<u8>>,
    pub status: String,
    pub stage: Option<String>,
    pub failure: Option<String>,
    pub reading_note: Option<String>,
    pub classification_error: Option<String>,
    pub classification_note: Option<String>,
    pub duplicate_of: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub path: Option<String>,
    pub page_count: Option<i32>,
    pub has_thumbnail: bool,
    pub extracted_text: Option<String>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub topics: Json<Vec<AssignedRow>>,
    /// How many the list has that this is a row of; only lists say.
    pub list_total: Option<i64>,
}

/// Reads documents as their owner sees them, each with its topics. `from` names the table `d`.
macro_rules! select_documents {
    (with: $with:literal, text: $text:literal, total: $total:literal, from: $from:literal, $($value:expr),+ $(,)?) => {
        sqlx::query_as!(
            $crate::rows::DocumentRow,
            $with
            + r#"
            SELECT d.id, d.filename, d.content_type, d.size_bytes, d.sha256, d.status, d.stage, d.failure, d.reading_note,
                   d.classification_error, d.classification_note, d.duplicate_of, d.parent_id, d.path, d.page_count,
                   d.thumbnail_key IS NOT NULL AS "has_thumbnail!", "# + $text + r#" AS extracted_text,
                   d.created_at, d.updated_at,
                   COALESCE((
                       SELECT jsonb_agg(jsonb_build_object(
                                  'id', t.id, 'name', t.name, 'color', t.color, 'assigned_by', dt.assigned_by,
                                  'provider', dt.provider, 'confidence', dt.confidence, 'reason', dt.reason)
                              ORDER BY t.name)
                         FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                        WHERE dt.document_id = d.id), '[]') AS "topics!: sqlx::types::Json<Vec<crate::rows::AssignedRow>>",
                   "# + $total + " AS list_total
              FROM " + $from,
            $($value),+
        )
    };
}
pub(crate) use select_documents;

/// One topic of a document, as `jsonb_build_object` makes it.
#[derive(Deserialize)]
pub(crate) struct AssignedRow {
    id: Uuid,
    name: String,
    color: String,
    assigned_by: String,
    provider: Option<String>,
    confidence: Option<f32>,
    reason: Option<String>,
}

impl TryFrom<DocumentRow> for Document {
    type Error = Error;

    fn try_from(row: DocumentRow) -> Result<Self, Error> {
        let id = row.id;
        let corrupt = |column| Error::Corrupt {
            table: "documents",
            column,
            id,
        };
        let stage = match row.stage.as_deref() {
            None => None,
            Some(word) => Some(Stage::parse(word).ok_or_else(|| corrupt("stage"))?),
        };
        let sha256 = match row.sha256 {
            None => None,
            Some(bytes) => Some(Sha256(bytes.try_into().map_err(|_| corrupt("sha256"))?)),
        };
        Ok(Self {
            id: DocumentId(id),
            filename: FileName::parse(&row.filename).map_err(|_| corrupt("filename"))?,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            sha256,
            status: DocumentStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?,
            stage,
            failure: row.failure,
            reading_note: row.reading_note,
            classification_error: row.classification_error,
            classification_note: row.classification_note,
            duplicate_of: row.duplicate_of.map(DocumentId),
            parent: row.parent_id.map(DocumentId),
            path: row.path,
            page_count: row.page_count,
            has_thumbnail: row.has_thumbnail,
            extracted_text: row.extracted_text,
            topics: row
                .topics
                .0
                .into_iter()
                .map(AssignedTopic::try_from)
                .collect::<Result<_, _>>()?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl TryFrom<AssignedRow> for AssignedTopic {
    type Error = Error;

    fn try_from(row: AssignedRow) -> Result<Self, Error> {
        let id = row.id;
        let corrupt = |column| Error::Corrupt {
            table: "document_topics",
            column,
            id,
        };
        Ok(Self {
            id: TopicId(id),
            name: TopicName::parse(&row.name).map_err(|_| corrupt("name"))?,
            color: Color::parse(&row.color).map_err(|_| corrupt("color"))?,
            by: AssignedBy::parse(&row.assigned_by).ok_or_else(|| corrupt("assigned_by"))?,
            provider: row.provider,
            confidence: row.confidence,
            reason: row.reason,
        })
    }
}

/// A topic from its columns.
pub(crate) fn topic(id: Uuid, name: &str, description: &str, color: &str) -> Result<Topic, Error> {
    let corrupt = |column| Error::Corrupt {
        table: "topics",
        column,
        id,
    };
    Ok(Topic {
        id: TopicId(id),
        name: TopicName::parse(name).map_err(|_| corrupt("name"))?,
        description: TopicDescription::parse(description).map_err(|_| corrupt("description"))?,
        color: Color::parse(color).map_err(|_| corrupt("color"))?,
    })
}
