//! A worker's work on one job: read the file, draw its first page, file it, stage by stage.
//!
//! A job may run twice. Every stage ends in one transaction of [`held`], the last of which ends the
//! job.

mod held;
mod parts;

use crate::{Services, filing::Filing};
use database::{MachineTopic, ToProcess};
use domain::{
    Caller, DocumentStatus, FileType, Job, JobKind, Stage,
    policy::{Action, authorise},
};
use extraction::{Claim, Extracted, Extractor, Failure, Parts, Turn};
use futures::TryStreamExt;
use held::Held;
use telemetry::{metrics::stage, with_causes};
use tokio::io::AsyncWriteExt;

/// What thumbnails are.
pub(crate) const THUMBNAIL_TYPE: FileType = FileType::Jpeg;

/// A file that kills or outlasts its reader is given up after this many tries.
const MAX_KILLS: i32 = 2;

/// How a job went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Processed {
    /// The result is written and the job ended.
    Ended,
    /// It did not work this time, and may the next.
    Retry(String),
    /// A part of the system is away: this try does not count.
    Postpone(String),
    /// The job is another worker's now, or its document is gone.
    Lost,
}

/// Why a stage stopped.
enum Stop {
    Lost,
    Retry(String),
    Postpone(String),
}

impl From<database::Error> for Stop {
    fn from(error: database::Error) -> Self {
        match error {
            database::Error::LeaseLost => Self::Lost,
            database::Error::Unavailable => Self::Postpone("PostgreSQL is away".to_owned()),
            error => Self::Retry(with_causes(&error)),
        }
    }
}

impl From<storage::Error> for Stop {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Unavailable(_) => Self::Postpone("the object store is away".to_owned()),
            error => Self::Retry(with_causes(&error)),
        }
    }
}

impl From<domain::Error> for Stop {
    fn from(error: domain::Error) -> Self {
        match error.kind {
            domain::Kind::Unavailable => Self::Postpone(error.detail),
            _ => Self::Retry(error.detail),
        }
    }
}

/// The use case of working off a job.
pub struct Processing<'a> {
    pub(crate) services: &'a Services,
    pub(crate) extractor: &'a Extractor,
}

impl Processing<'_> {
    /// Works off a job whose lease the caller holds.
    pub async fn run(&self, caller: &Caller, job: &Job) -> Processed {
        if authorise(caller, Action::WorkJobs).is_err() {
            return Processed::Retry("the caller may not work off jobs".to_owned());
        }
        match self.stages(job).await {
            Ok(()) => Processed::Ended,
            Err(Stop::Lost) => Processed::Lost,
            Err(Stop::Retry(error)) => Processed::Retry(error),
            Err(Stop::Postpone(error)) => Processed::Postpone(error),
        }
    }

    /// Tells open pages that a document was given up.
    pub async fn gave_up(&self, document: domain::DocumentId) {
        if let Ok(owner) = self.services.parts.database.document_owner(document).await {
            self.services
                .announce(owner, document, DocumentStatus::Failed.as_str(), None);
        }
    }

    async fn stages(&self, job: &Job) -> Result<(), Stop> {
        let database = &self.services.parts.database;
        let held = Held {
            services: self.services.clone(),
            job: job.clone(),
            document: database.document_to_process(job).await?,
        };
        if job.kind == JobKind::Process && !held.document.read {
            let turn = self.extractor.turn().await;
            if !stage(Stage::Reading.as_str(), self.read(&held, turn)).await? {
                return Ok(());
            }
        }
        stage(Stage::Filing.as_str(), self.file(&held)).await
    }

    /// The reading stage; whether filing comes next. The turn is over when the file is read and nothing
    /// of it is left in the folder for temporary files.
    async fn read(&self, held: &Held, turn: Turn) -> Result<bool, Stop> {
        held.begin_reading().await?;
        let id = held.job.document_id;
        let content_type = &held.document.content_type;
        let parts = self.services.parts_allowed(id, content_type).await?;
        match self.extract(&held.document, parts).await? {
            Ok(mut extracted) => {
                let left_out = held.store_parts(&extracted).await?;
                extracted.parts = Parts::default();
                drop(turn);
                held.store_reading(extracted, left_out).await
            }
            Err(Failure::Transient(error)) => Err(Stop::Retry(error)),
            Err(Failure::NoRoom(error)) => Err(Stop::Postpone(error)),
            Err(Failure::Killed(error)) if held.job.attempts < MAX_KILLS => Err(Stop::Retry(error)),
            Err(Failure::Killed(sentence) | Failure::Permanent(sentence)) => {
                held.fail(&sentence).await.map(|()| false)
            }
        }
    }

    /// Brings the file into a private temporary directory and reads it there. The directory is
    /// removed on every path out, also when this future is dropped.
    async fn extract(
        &self,
        document: &ToProcess,
        parts: u32,
    ) -> Result<Result<Extracted, Failure>, Stop> {
        let Some(file_type) = FileType::from_media_type(&document.content_type) else {
            return Ok(Err(Failure::Permanent(
                "This type of file can't be read.".to_owned(),
            )));
        };
        let private =
            extraction::Scratch::new().map_err(|failure| Stop::Postpone(failure.to_string()))?;
        let path = private
            .path()
            .join(format!("file{}", file_type.key_extension()));
        match self
            .services
            .parts
            .storage
            .get(&document.object_key, None)
            .await
        {
            Err(storage::Error::NotFound) => {
                return Ok(Err(Failure::Permanent(
                    "The bytes of this document are missing from the store. Restore them from a backup, then try again."
                        .to_owned(),
                )));
            }
            answer => {
                let mut body = answer?;
                let mut file = tokio::fs::File::create(&path)
                    .await
                    .map_err(|error| Stop::Postpone(with_causes(&error)))?;
                while let Some(piece) = body.try_next().await? {
                    file.write_all(&piece)
                        .await
                        .map_err(|error| Stop::Postpone(with_causes(&error)))?;
                }
                file.flush()
                    .await
                    .map_err(|error| Stop::Postpone(with_causes(&error)))?;
            }
        }
        let claim = Claim {
            file_type,
            file_name: document.filename.clone(),
        };
        Ok(self.extractor.taking_out(parts).extract(&path, claim).await)
    }

    /// The filing stage.
    async fn file(&self, held: &Held) -> Result<(), Stop> {
        let database = &self.services.parts.database;
        let to_file = database.document_to_file(&held.job).await?;
        let ToProcess {
            owner, filename, ..
        } = &held.document;
        match self.services.file(*owner, filename, to_file).await? {
            Filing::Decided(provider, decision) => {
                let topics: Vec<MachineTopic> = decision
                    .topics
                    .into_iter()
                    .map(|filed| MachineTopic {
                        topic: filed.topic,
                        confidence: filed.confidence,
                        reason: filed.reason,
                    })
                    .collect();
                held.write_filing(provider, &topics, decision.note.as_deref())
                    .await
            }
            Filing::Failed(sentence) => held.write_unfiled(&sentence).await,
        }
    }
}
