//! The log as people read it.

use crate::AuditEvent;
use time::OffsetDateTime;
use uuid::Uuid;

/// An entry of the log, with the names of those it is about as far as they still exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedAct {
    /// Where it stands in the list that was asked for: the next page begins before the last one's.
    pub place: i64,
    /// The event's word.
    pub event: String,
    /// Whose account or rows it is about.
    pub subject: Option<Uuid>,
    /// Their handle.
    pub subject_handle: Option<String>,
    /// Who did it.
    pub actor: Option<Uuid>,
    /// Their handle.
    pub actor_handle: Option<String>,
    /// What it was done to.
    pub resource: Option<Uuid>,
    /// The name of the document that it was done to, if it is the reader's.
    pub document_name: Option<String>,
    /// From which address.
    pub address: Option<String>,
    /// With what: `User-Agent`.
    pub device: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
    /// What else is worth knowing.
    pub note: Option<String>,
    /// When.
    pub at: OffsetDateTime,
}

impl AuditEvent {
    /// What the event is about: the part of its word before the dot.
    pub fn kind(self) -> &'static str {
        let word = self.as_str();
        word.split_once('.').map_or(word, |(kind, _)| kind)
    }

    /// Every kind once, in the order of the events.
    pub fn kinds() -> Vec<&'static str> {
        let mut kinds = Vec::new();
        for event in Self::ALL {
            if !kinds.contains(&event.kind()) {
                kinds.push(event.kind());
            }
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_stands_for_its_events() {
        assert_eq!(AuditEvent::DocumentRead.kind(), "document");
        assert_eq!(AuditEvent::SignInRefused.kind(), "session");
        let kinds = AuditEvent::kinds();
        for kind in ["account", "session", "document", "topic", "settings"] {
            assert_eq!(
                kinds.iter().filter(|each| **each == kind).count(),
                1,
                "{kind}"
            );
        }
    }
}
