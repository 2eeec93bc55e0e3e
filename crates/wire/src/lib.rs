//! The shapes that cross HTTP: shared by the JSON API, the server functions, the UI and the tests.
//!
//! Fields may be added, never removed: an existing Vue app reads them.

pub mod accounts;
mod convert;
pub mod documents;
pub mod events;
pub mod health;
pub mod problem;
pub mod settings;
pub mod topics;

pub use accounts::{
    Account, ApiToken, ApiTokenList, ChangePassword, CreatedApiToken, DeleteAccount, Invitation,
    LogIn, NewAccount, NewApiToken, NewInvitation, Refresh, Register, Session, SessionList, SetUp,
    SignInOptions, SignedIn,
};
pub use documents::{
    AssignedTopic, ClassifyRequest, Document, DocumentList, DocumentQuery, SetTopics,
};
pub use events::DocumentEvent;
pub use health::{Check, Checks, Health, HealthStatus};
pub use problem::{FieldProblem, Problem};
pub use settings::{
    ProviderSettings, ProviderSettingsPatch, Settings, SettingsPatch, TestRequest, TestResult,
};
pub use topics::{NewTopic, Topic, TopicList, TopicPatch};
