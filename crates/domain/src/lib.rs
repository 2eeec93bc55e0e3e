//! What DocuVault knows, without any machinery: ids, value types, rules and the permission policy.
//!
//! Nothing here does I/O, reads a clock or draws a random number, so every rule can be tested as a
//! plain function and the same code runs in the browser.

pub mod account;
pub mod activity;
pub mod administration;
pub mod audit;
pub mod caller;
pub mod clock;
pub mod cursor;
pub mod document;
pub mod error;
pub mod file_type;
pub mod filing_rules;
pub mod ids;
pub mod job;
pub mod names;
pub mod page;
pub mod part_path;
pub mod passkey;
pub mod pipeline;
pub mod policy;
pub mod provider;
pub mod scrub;
pub mod topic;

pub use account::{ApiToken, EmailAddress, Handle, Registration, Role, Scope, Session, User};
pub use activity::LoggedAct;
pub use administration::{Administered, ManagedUser};
pub use audit::{AuditEntry, AuditEvent};
pub use caller::{Caller, Identity, SignIn, Who};
pub use clock::Clock;
pub use cursor::DocumentCursor;
pub use document::{Document, DocumentStatus, NewDocument, Relative, Stage};
pub use error::{Error, Kind};
pub use file_type::{Family, FileType};
pub use filing_rules::{AssignedProvider, FilingRules, Month};
pub use ids::{
    ApiTokenId, DocumentId, FilingBatchId, JobId, PasskeyId, SessionId, TopicId, UserId,
};
pub use job::{Job, JobKind, JobState};
pub use names::{Color, FileName, Sha256, TopicDescription, TopicName};
pub use page::{Page, PerPage};
pub use part_path::PartPath;
pub use passkey::Passkey;
pub use pipeline::{HourOfWork, PipelineJob, QueueState};
pub use provider::ProviderName;
pub use scrub::{Finding, FindingKind, Scrub};
pub use topic::{AssignedBy, AssignedTopic, Topic, TopicWithCount};
