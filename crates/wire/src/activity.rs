//! The log as people read it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// One page of the log, newest first.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Activity {
    /// The entries of this page.
    pub entries: Vec<ActivityEntry>,
    /// What to send as `cursor` for the next page; `null` when this is the last.
    pub next_cursor: Option<String>,
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct ActivityEntry {
    /// What happened: a kind, a dot, and what became of it.
    #[schema(example = "document.created")]
    pub event: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: OffsetDateTime,
    /// Who did it; `null` for nobody in particular, and for the vault itself.
    pub actor: Option<Person>,
    /// Whose account or things it is about; `null` when it belongs to no account.
    pub subject: Option<Person>,
    /// What it was done to, if that has an id.
    pub resource_id: Option<Uuid>,
    /// The document that it was done to, if it is the reader's and still there.
    pub document: Option<NamedDocument>,
    /// From which address.
    #[schema(example = "192.0.2.7")]
    pub address: Option<String>,
    /// With what: `User-Agent` as it was sent.
    pub device: Option<String>,
    /// What else is worth knowing.
    pub note: Option<String>,
    /// The request in which it happened: the vault's own log names it, too.
    pub request_id: Option<String>,
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct Person {
    /// The account's id.
    pub id: Uuid,
    /// Their handle; `null` when the account is gone.
    #[schema(example = "ada")]
    pub handle: Option<String>,
}

/// A document by its name.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct NamedDocument {
    /// Its id.
    pub id: Uuid,
    /// Its file's name.
    #[schema(example = "letter.pdf")]
    pub name: String,
}

/// Which entries to list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// Only events of this kind: the part of their word before the dot, such as `document` or `session`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where to go on: the `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries a page has, 1 to 100; 50 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_page: Option<i64>,
}

/// Which of everybody's entries to list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct EverybodysActivityQuery {
    /// Only what that account did or what was done to it: its handle, or its id once it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Only events of this kind: the part of their word before the dot, such as `document` or `session`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where to go on: the `next_cursor` of the page before, with the same `person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries a page has, 1 to 100; 50 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_page: Option<i64>,
}

impl Activity {
    /// A page of at most `limit` entries.
    pub fn new(acts: Vec<domain::LoggedAct>, limit: usize) -> Self {
        let full = acts.len() >= limit;
        let last = acts.last().map(|act| act.place.to_string());
        Self {
            next_cursor: last.filter(|_| full),
            entries: acts.into_iter().map(ActivityEntry::from).collect(),
        }
    }
}

impl From<domain::LoggedAct> for ActivityEntry {
    fn from(act: domain::LoggedAct) -> Self {
        let person = |id: Option<Uuid>, handle| id.map(|id| Person { id, handle });
        let document = act.resource.zip(act.document_name);
        Self {
            event: act.event,
            created_at: act.at,
            actor: person(act.actor, act.actor_handle),
            subject: person(act.subject, act.subject_handle),
            resource_id: act.resource,
            document: document.map(|(id, name)| NamedDocument { id, name }),
            address: act.address,
            device: act.device,
            note: act.note,
            request_id: act.request_id,
        }
    }
}
