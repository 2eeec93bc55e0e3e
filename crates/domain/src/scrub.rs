//! The look whether every document's bytes are in the store and whole.

use crate::DocumentId;
use time::OffsetDateTime;
use uuid::Uuid;

/// What is wrong with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// A row names it, and it is not there.
    Missing,
    /// It is there, and not what was stored.
    Damaged,
    /// It is there, and no row names it.
    Orphaned,
}

impl FindingKind {
    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Damaged => "damaged",
            Self::Orphaned => "orphaned",
        }
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Missing, Self::Damaged, Self::Orphaned]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// An object that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong with it.
    pub kind: FindingKind,
    /// Its key.
    pub object_key: String,
    /// The document that names it; `None` when none does.
    pub document: Option<DocumentId>,
    /// Whether it is the picture of a document's first page.
    pub picture: bool,
    /// What was seen, as a sentence.
    pub detail: String,
    /// The handle of the document's owner.
    pub owner: Option<String>,
}

impl Finding {
    /// What whoever runs the vault can do about it, as sentences.
    pub fn advice(&self) -> &'static str {
        match (self.kind, self.picture) {
            (FindingKind::Orphaned, _) => {
                "Nothing has to be done: the worker removes it within a few hours."
            }
            (_, true) => {
                "Restore this object from a backup. Without one only the picture of the first page is lost; the document is whole."
            }
            (_, false) => {
                "Restore this object from a backup under the same key. If there is none, ask the owner to upload the file again."
            }
        }
    }
}

/// One look through the rows and the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scrub {
    /// Its id.
    pub id: Uuid,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it came to its end; `None` while it goes on.
    pub finished_at: Option<OffsetDateTime>,
    /// How many documents it has looked at.
    pub documents: i64,
    /// How many bytes it has read.
    pub bytes: i64,
    /// How many objects it has seen in the store.
    pub objects: i64,
    /// How many of them are not as they should be.
    pub findings: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_stored_as_words() {
        for kind in [
            FindingKind::Missing,
            FindingKind::Damaged,
            FindingKind::Orphaned,
        ] {
            assert_eq!(FindingKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(FindingKind::parse("lost"), None);
    }
}
