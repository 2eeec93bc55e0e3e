//! The shapes that cross HTTP: shared by the JSON API, the server functions, the UI and the tests.
//!
//! Fields may be added, never removed: an existing Vue app reads them.

pub mod accounts;
pub mod activity;
pub mod admin;
mod convert;
pub mod documents;
pub mod events;
pub mod filing_batches;
pub mod health;
pub mod mail;
pub mod passkeys;
pub mod pipeline;
pub mod problem;
pub mod scrub;
pub mod second_factor;
pub mod settings;
pub mod topics;

pub use accounts::{
    Account, ApiToken, ApiTokenList, ChangePassword, CreatedApiToken, DeleteAccount, Invitation,
    LogIn, NewAccount, NewApiToken, NewInvitation, Refresh, Register, Session, SessionList, SetUp,
    SignInOptions, SignedIn,
};
pub use activity::{
    Activity, ActivityEntry, ActivityQuery, EverybodysActivityQuery, NamedDocument, Person,
};
pub use admin::{CreatedUser, ManagedUser, NewUser, PasswordLink, UserList, UserPatch, UserQuery};
pub use documents::{
    AssignedTopic, ClassifyRequest, Document, DocumentList, DocumentQuery, Relative, Relatives,
    SetTopics,
};
pub use events::DocumentEvent;
pub use filing_batches::{ClassifyTogether, FileTogether, FilingBatch, UndoneBatch};
pub use health::{Check, Checks, Health, HealthStatus};
pub use mail::{Accepted, ChangeEmail, ConfirmEmail, Email, RequestPasswordReset, ResetPassword};
pub use passkeys::{
    CreatedPasskey, NewPasskey, Passkey, PasskeyCeremony, PasskeyList, PasskeyPatch, PasskeySignIn,
    PasskeySignInRequest,
};
pub use pipeline::{Pipeline, PipelineHour, PipelineJob, Retried};
pub use problem::{FieldProblem, Problem};
pub use scrub::{ScrubFinding, ScrubReport};
pub use second_factor::{
    ConfirmPassword, GiveSecondFactor, RecoveryCodes, SecondFactor, SecondFactorWanted, TotpCode,
    TotpSetUp,
};
pub use settings::{
    AssignedProvider, ProviderSettings, ProviderSettingsPatch, Settings, SettingsPatch,
    TestRequest, TestResult, TokenBudget,
};
pub use topics::{NewTopic, Topic, TopicChoice, TopicList, TopicPatch};
