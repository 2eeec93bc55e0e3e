//! The background work as people see it: what waits of their own documents, and for admins of all,
//! without names and texts. Whatever failed can be tried again.

use crate::{Services, fault};
use domain::{
    AuditEntry, AuditEvent, Caller, DocumentId, DocumentStatus, Error, JobId, Kind, PipelineJob,
    QueueState, UserId,
    policy::{Action, authorise, authorise_owner},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// How many jobs and failures are listed.
const LISTED: i64 = 50;

/// How many documents are tried again at once.
const RETRIED_AT_ONCE: i64 = 1000;

/// The use cases of the pipeline.
pub struct Pipeline<'a> {
    pub(crate) services: &'a Services,
}

impl Pipeline<'_> {
    /// What waits, runs and failed of the caller's documents.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn own(&self, caller: &Caller) -> Result<wire::Pipeline, Error> {
        let owner = authorise_owner(caller, Action::ReadDocuments)?;
        let state = self.services.parts.database.queue_state_of(owner).await;
        self.seen(state.map_err(fault::of_database)?, Some(owner))
            .await
    }

    /// What waits, runs and failed of everybody's documents, and what was done in the last day.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins.
    pub async fn whole(&self, caller: &Caller) -> Result<wire::Pipeline, Error> {
        authorise(caller, Action::RunVault)?;
        let database = &self.services.parts.database;
        let state = database.queue_state().await.map_err(fault::of_database)?;
        let hours = database.hours_of_work().await.map_err(fault::of_database)?;
        Ok(wire::Pipeline {
            hours: hours.into_iter().map(Into::into).collect(),
            ..self.seen(state, None).await?
        })
    }

    async fn seen(
        &self,
        state: QueueState,
        owner: Option<UserId>,
    ) -> Result<wire::Pipeline, Error> {
        let database = &self.services.parts.database;
        let jobs = database.open_jobs(owner, LISTED).await;
        let failures = database.failures(owner, LISTED).await;
        let failed = database.count_failures(owner).await;
        let shapes = |jobs: Vec<PipelineJob>| jobs.into_iter().map(Into::into).collect();
        let age = |oldest: OffsetDateTime| (self.services.now() - oldest).whole_seconds().max(0);
        Ok(wire::Pipeline {
            waiting: state.waiting,
            running: state.running,
            failed: failed.map_err(fault::of_database)?,
            oldest_waiting_since: state.oldest,
            oldest_waiting_seconds: state.oldest.map(age),
            jobs: shapes(jobs.map_err(fault::of_database)?),
            failures: shapes(failures.map_err(fault::of_database)?),
            hours: Vec::new(),
        })
    }

    /// Has everything of the caller's that failed tried again.
    ///
    /// # Errors
    /// `Forbidden` for tokens that only read.
    pub async fn retry_own(&self, caller: &Caller) -> Result<wire::Retried, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        self.retry_of(caller, Some(owner)).await
    }

    /// Has everything that failed tried again, whoever's it is.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins.
    pub async fn retry_all(&self, caller: &Caller) -> Result<wire::Retried, Error> {
        authorise(caller, Action::RunVault)?;
        self.retry_of(caller, None).await
    }

    /// Has a document that failed tried again, whoever's it is.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `NotFound`; `Conflict` for a document that did not fail.
    pub async fn retry(&self, caller: &Caller, id: DocumentId) -> Result<wire::Retried, Error> {
        authorise(caller, Action::RunVault)?;
        let database = &self.services.parts.database;
        let owner = match database.document_owner(id).await {
            Err(database::Error::LeaseLost) => return Err(gone()),
            owner => owner.map_err(fault::of_database)?,
        };
        if !self.again(caller, owner, id).await? {
            return Err(Error::new(
                Kind::Conflict,
                "document_not_failed",
                "This document did not fail, or is being tried again already.",
            ));
        }
        self.done(1, None).await
    }

    async fn retry_of(
        &self,
        caller: &Caller,
        owner: Option<UserId>,
    ) -> Result<wire::Retried, Error> {
        let database = &self.services.parts.database;
        let failed = database.failures(owner, RETRIED_AT_ONCE).await;
        let mut retried = 0;
        for job in failed.map_err(fault::of_database)? {
            if self.again(caller, job.owner, job.document).await? {
                retried += 1;
            }
        }
        self.done(retried, owner).await
    }

    async fn done(&self, retried: i64, owner: Option<UserId>) -> Result<wire::Retried, Error> {
        let left = self.services.parts.database.count_failures(owner).await;
        Ok(wire::Retried {
            retried,
            left: left.map_err(fault::of_database)?,
        })
    }

    /// Schedules what failed of a document; `false` when nothing did, or it is gone.
    async fn again(&self, caller: &Caller, owner: UserId, id: DocumentId) -> Result<bool, Error> {
        let mut work = self.services.begin().await?;
        let status = work.lock_document(owner, id).await;
        let given_up = match status.map_err(fault::of_database)? {
            Some(DocumentStatus::Failed) => None,
            Some(DocumentStatus::Ready) => match work.filing_given_up(id).await {
                Ok(None) => return Ok(false),
                given_up => given_up.map_err(fault::of_database)?,
            },
            _ => return Ok(false),
        };
        let job = JobId(Uuid::now_v7());
        let (scheduled, status) = match given_up {
            None => (work.process_again(id, job).await, DocumentStatus::Pending),
            Some(filing) => {
                let filed = work.file_again(id, job, filing.only).await;
                (filed, DocumentStatus::Processing)
            }
        };
        scheduled.map_err(fault::of_database)?;
        let entry = AuditEntry {
            resource: Some(id.0),
            ..caller.did_to(owner, AuditEvent::DocumentProcessingRequested)
        };
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.services.dispatch(vec![job]);
        self.services.announce(owner, id, status.as_str(), None);
        Ok(true)
    }
}

fn gone() -> Error {
    Error::not_found(
        "document_not_found",
        "There is no such document. It may have been deleted.",
    )
}
