//! The use cases: authorise, decide, call the database and the families. Every rule lives here, once.
//!
//! The first argument of every method is the [`Caller`](domain::Caller). Errors are [`domain::Error`]s;
//! the faces turn their kind into a status and nothing else.

mod accounts;
mod activity;
mod ai_budget;
mod api_tokens;
mod audit;
mod bulk;
mod documents;
mod email_change;
mod fault;
mod filing;
mod filing_batches;
mod filing_rules;
mod filing_settings;
mod health;
mod invitations;
mod lanes;
mod limits;
mod listing;
mod mailing;
mod notices;
mod objects;
mod passkeys;
mod password_reset;
mod pipeline;
mod processing;
mod quotas;
mod relatives;
mod scrubbing;
mod seal;
mod sealing;
mod second_factor;
mod sign_in;
mod sweeping;
mod tasks;
mod topics;
mod upload;
mod users;

pub use accounts::Accounts;
pub use activity::Activity;
pub use api_tokens::ApiTokens;
pub use audit::Audit;
pub use bulk::ActedOn;
pub use documents::{Classified, Content, Documents, Wait};
pub use filing::Endpoints;
pub use filing_batches::FilingBatches;
pub use filing_settings::FilingSettings;
pub use health::Health;
pub use invitations::Invited;
pub use listing::DocumentPage;
pub use passkeys::Passkeys;
pub use pipeline::Pipeline;
pub use processing::{Processed, Processing};
pub use quotas::Quotas;
pub use scrubbing::{ScrubStep, Scrubbing};
pub use seal::SecretKeys;
pub use sealing::{Seals, ShutSecret};
pub use second_factor::{LoginStep, SecondFactorWanted, SecondFactors, TotpBeingSetUp};
pub use sign_in::{SignIns, SignedIn};
pub use sweeping::Sweeping;
pub use topics::Topics;
pub use upload::{Uploads, upload_form};
pub use users::Users;

use database::Database;
use domain::{Clock, DocumentId, Error, JobId, Registration, UserId};
use futures::StreamExt;
use queue::{Delivery, Event, Events};
use std::sync::Arc;
use storage::StorageBackend;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

/// The largest part of a document's text that filing looks at, in characters.
const FILING_TEXT_CHARS: usize = 100_000;

/// What the services stand on. The composition roots choose it.
pub struct Parts {
    /// PostgreSQL.
    pub database: Database,
    /// Where the bytes are.
    pub storage: Arc<dyn StorageBackend>,
    /// Where jobs are sent.
    pub delivery: Delivery,
    /// Where news of documents is told and heard.
    pub events: Events,
    /// The filing providers' addresses and keys.
    pub endpoints: Endpoints,
    /// The vault's own secret, from which keys are derived.
    pub secret_key: SecretKeys,
    /// The largest file that may be uploaded, in bytes.
    pub max_upload_bytes: u64,
    /// What accounts stand on.
    pub accounts: AccountParts,
}

/// What accounts stand on.
pub struct AccountParts {
    /// Hashes and checks passwords.
    pub passwords: auth::Passwords,
    /// Asks for passkeys and checks them, where browsers have any.
    pub passkeys: Option<auth::Passkeys>,
    /// Makes and checks access tokens.
    pub access_tokens: auth::AccessTokens,
    /// Counts tries.
    pub limiter: limiter::Limiter,
    /// The present.
    pub clock: Clock,
    /// Who may make an account.
    pub registration: Registration,
    /// How many bytes the documents of a new account may take.
    pub default_quota_bytes: i64,
    /// Where people reach the vault; what links begin with.
    pub public_url: String,
    /// Sends mail.
    pub mailer: Arc<dyn mail::Mailer>,
    /// Whether it can: there may be no mail server.
    pub sends_mail: bool,
}

/// Every use case. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    parts: Arc<Parts>,
    tasks: tasks::Tasks,
    /// Cancelled when what runs beside requests should come to its end.
    stopping: CancellationToken,
    uploaded: Arc<upload::together::Uploaded>,
    looked_up: Arc<sign_in::LookedUp>,
}

/// Limits that a page may show before it sends anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicLimits {
    /// The largest file that may be uploaded, in bytes.
    pub max_upload_bytes: u64,
}

impl Services {
    /// The use cases on these parts.
    pub fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
            tasks: tasks::Tasks::default(),
            stopping: CancellationToken::new(),
            uploaded: Arc::default(),
            looked_up: Arc::default(),
        }
    }

    /// Accounts: the first, new ones, one's own.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { services: self }
    }

    /// Signing in and out, and sessions.
    pub fn sign_ins(&self) -> SignIns<'_> {
        SignIns { services: self }
    }

    /// One's own second factor.
    pub fn second_factors(&self) -> SecondFactors<'_> {
        SecondFactors { services: self }
    }

    /// Passkeys.
    pub fn passkeys(&self) -> Passkeys<'_> {
        Passkeys { services: self }
    }

    /// Personal tokens for programs.
    pub fn api_tokens(&self) -> ApiTokens<'_> {
        ApiTokens { services: self }
    }

    /// Administration: everybody's accounts.
    pub fn users(&self) -> Users<'_> {
        Users { services: self }
    }

    /// The audit log.
    pub fn audit(&self) -> Audit<'_> {
        Audit { services: self }
    }

    /// The log as people read it.
    pub fn activity(&self) -> Activity<'_> {
        Activity { services: self }
    }

    /// The background work as people see it.
    pub fn pipeline(&self) -> Pipeline<'_> {
        Pipeline { services: self }
    }

    /// How much room documents take.
    pub fn quotas(&self) -> Quotas<'_> {
        Quotas { services: self }
    }

    fn now(&self) -> OffsetDateTime {
        self.parts.accounts.clock.now()
    }

    async fn begin(&self) -> Result<database::UnitOfWork, Error> {
        self.parts
            .database
            .begin()
            .await
            .map_err(fault::of_database)
    }

    /// Filing many documents by one act, and undoing it.
    pub fn filing_batches(&self) -> FilingBatches<'_> {
        FilingBatches { services: self }
    }

    /// Documents: list, read, file, delete.
    pub fn documents(&self) -> Documents<'_> {
        Documents { services: self }
    }

    /// Uploads.
    pub fn uploads(&self) -> Uploads<'_> {
        Uploads { services: self }
    }

    /// Topics.
    pub fn topics(&self) -> Topics<'_> {
        Topics { services: self }
    }

    /// The filing settings.
    pub fn filing_settings(&self) -> FilingSettings<'_> {
        FilingSettings { services: self }
    }

    /// Whether every part answers.
    pub fn health(&self) -> Health<'_> {
        Health { services: self }
    }

    /// A worker's work on one job.
    pub fn processing<'a>(&'a self, extractor: &'a extraction::Extractor) -> Processing<'a> {
        Processing {
            services: self,
            extractor,
        }
    }

    /// The removal of bytes that no row names any more.
    pub fn sweeping(&self) -> Sweeping<'_> {
        Sweeping { services: self }
    }

    /// The look whether every document's bytes are in the store and whole.
    pub fn scrubbing(&self) -> Scrubbing<'_> {
        Scrubbing { services: self }
    }

    /// News of the caller's documents from now on, until what they signed in with is no longer good.
    ///
    /// # Errors
    /// `Forbidden` when the caller may not see documents.
    pub fn events(
        &self,
        caller: &domain::Caller,
    ) -> Result<impl futures::Stream<Item = Option<wire::DocumentEvent>> + Send + use<>, Error>
    {
        let owner = domain::policy::authorise_owner(caller, domain::policy::Action::ReadDocuments)?;
        let signed_out = self.sign_ins().signed_out(caller)?;
        let heard = tokio_stream::wrappers::BroadcastStream::new(self.parts.events.subscribe());
        let news = heard.filter_map(move |event| {
            std::future::ready(match event {
                Ok(event) if event.owner == owner => Some(Some(news(event))),
                Ok(_) => None,
                // The listener was too slow and missed some: it had better look at everything again.
                Err(_) => Some(None),
            })
        });
        Ok(news.take_until(signed_out))
    }

    /// Limits that a page may show before it sends anything.
    pub fn limits(&self) -> PublicLimits {
        PublicLimits {
            max_upload_bytes: self.parts.max_upload_bytes,
        }
    }

    /// Waits for what still runs after its request was answered (or went away).
    pub async fn finish(&self) {
        self.stopping.cancel();
        self.tasks.finish().await;
    }

    /// Sends jobs on their way, beside the request. If it fails, the reconciler sends them later.
    fn dispatch(&self, jobs: Vec<JobId>) {
        let delivery = self.parts.delivery.clone();
        self.tasks.spawn(async move {
            if let Err(error) = delivery.send(&jobs).await {
                let jobs: Vec<String> = jobs.iter().map(JobId::to_string).collect();
                tracing::warn!(%error, "these jobs could not be sent and wait for the reconciler: {}", jobs.join(", "));
            }
        });
    }

    /// Tells open pages of a change, beside the request.
    fn announce(
        &self,
        owner: UserId,
        document: DocumentId,
        status: &str,
        stage: Option<domain::Stage>,
    ) {
        self.announce_all(owner, [document], status, stage);
    }

    /// Tells open pages of the same change of several documents.
    fn announce_all(
        &self,
        owner: UserId,
        documents: impl IntoIterator<Item = DocumentId>,
        status: &str,
        stage: Option<domain::Stage>,
    ) {
        let stage = stage.map(|stage| stage.as_str().to_owned());
        let event = |document| Event {
            owner,
            document,
            status: status.to_owned(),
            stage: stage.clone(),
        };
        let news: Vec<Event> = documents.into_iter().map(event).collect();
        let events = self.parts.events.clone();
        self.tasks.spawn(async move { events.publish(&news).await });
    }
}

fn news(event: Event) -> wire::DocumentEvent {
    wire::DocumentEvent {
        id: event.document.0,
        status: event.status,
        stage: event.stage,
    }
}
