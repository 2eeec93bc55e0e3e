//! A document and the states it passes through.

use crate::{AssignedTopic, DocumentId, FileName, Sha256, UserId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// How far a document has come. `Ready` and `Failed` are the ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentStatus {
    /// Stored; nobody has begun to read it.
    Pending,
    /// Being read or filed.
    Processing,
    /// Read. Filing may have failed; `classification_error` then says why.
    Ready,
    /// It could not be read; `failure` says why. The bytes are kept.
    Failed,
}

impl DocumentStatus {
    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    /// The status of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Processing, Self::Ready, Self::Failed]
            .into_iter()
            .find(|s| s.as_str() == word)
    }

    /// Whether nothing more will happen by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Ready | Self::Failed)
    }
}

/// What is being done to a document in `Processing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Its text is being extracted.
    Reading,
    /// It is being filed under topics.
    Filing,
}

impl Stage {
    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Filing => "filing",
        }
    }

    /// The stage of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Reading, Self::Filing]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// A document as its owner sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The name its owner gave the file.
    pub filename: FileName,
    /// The media type by content.
    pub content_type: String,
    /// How many bytes the file has.
    pub size_bytes: i64,
    /// The digest of the bytes.
    pub sha256: Option<Sha256>,
    /// How far it has come.
    pub status: DocumentStatus,
    /// What is being done to it, while that lasts.
    pub stage: Option<Stage>,
    /// Why it could not be read, as a sentence.
    pub failure: Option<String>,
    /// What its owner should know of the reading, as a sentence: that only a part was read.
    pub reading_note: Option<String>,
    /// Why it could not be filed, as a sentence.
    pub classification_error: Option<String>,
    /// What filing said of it when it chose no topic, as a sentence.
    pub classification_note: Option<String>,
    /// An older document of the same owner with the same bytes.
    pub duplicate_of: Option<DocumentId>,
    /// The archive or e-mail that it came out of, while that is there.
    pub parent: Option<DocumentId>,
    /// Where it stood there.
    pub path: Option<String>,
    /// How many pages it has, once read.
    pub page_count: Option<i32>,
    /// Whether a thumbnail of the first page is stored.
    pub has_thumbnail: bool,
    /// Its text, when that was asked for and it has been read.
    pub extracted_text: Option<String>,
    /// The topics it is filed under, by name.
    pub topics: Vec<AssignedTopic>,
    /// When it was uploaded.
    pub created_at: OffsetDateTime,
    /// When anything about it last changed.
    pub updated_at: OffsetDateTime,
}

/// What a document came out of, or what came out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Relative {
    /// Its id.
    pub id: DocumentId,
    /// Its file's name.
    pub filename: FileName,
    /// Where it stood in what it came out of.
    pub path: Option<String>,
    /// How far it has come.
    pub status: DocumentStatus,
}

/// A document about to be written, its bytes stored already.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Its id; also part of the object key.
    pub id: DocumentId,
    /// Whose it is.
    pub owner: UserId,
    /// The name its owner gave the file.
    pub filename: FileName,
    /// Where the bytes are.
    pub object_key: String,
    /// The media type by content.
    pub content_type: &'static str,
    /// How many bytes were stored.
    pub size_bytes: i64,
    /// Their digest.
    pub sha256: Sha256,
    /// Whether to file it once it is read.
    pub auto_classify: bool,
}
