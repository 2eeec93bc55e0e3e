//! A worker's work on one job: read the file, draw its first page, file it, stage by stage.
//!
//! A job may run twice. Every stage ends in one transaction that first makes sure that the job is
//! still this worker's; the last one ends the job.

use crate::{
    Services,
    filing::{Filing, ToFile},
};
use database::{JobOutcome, MachineTopic, Reading, ToProcess, UnitOfWork};
use domain::{
    Caller, DocumentStatus, FileType, Job, JobKind, Stage,
    policy::{Action, authorise},
};
use extraction::{Claim, Extracted, Extractor, Failure};
use futures::{StreamExt, TryStreamExt, stream};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// What thumbnails are.
pub(crate) const THUMBNAIL_TYPE: FileType = FileType::Jpeg;

/// A file that kills or outlasts its reader is given up after this many tries.
const MAX_KILLS: i32 = 2;

/// What a document says of which only a part was read.
const ONLY_A_PART: &str =
    "Only the first part of this file was read, as it is very long. The file itself is kept whole.";

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
            error => Self::Retry(chain(&error)),
        }
    }
}

impl From<storage::Error> for Stop {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Unavailable(_) => Self::Postpone("the object store is away".to_owned()),
            error => Self::Retry(chain(&error)),
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

/// An error with its causes, for the log and the pipeline page.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
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
        let document = self
            .services
            .parts
            .database
            .document_to_process(job)
            .await?;
        if job.kind == JobKind::Process && !document.read && !self.read(job, &document).await? {
            return Ok(());
        }
        self.file(job, &document).await
    }

    /// The reading stage; whether filing comes next.
    async fn read(&self, job: &Job, document: &ToProcess) -> Result<bool, Stop> {
        let mut work = self.held(job).await?;
        work.begin_stage(job, Stage::Reading).await?;
        work.commit().await?;
        self.announce(
            job,
            document,
            DocumentStatus::Processing,
            Some(Stage::Reading),
        );
        match self.extract(document).await? {
            Ok(extracted) => self.write_reading(job, document, extracted).await,
            Err(Failure::Transient(error)) => Err(Stop::Retry(error)),
            Err(Failure::Killed(error)) if job.attempts < MAX_KILLS => Err(Stop::Retry(error)),
            Err(Failure::Killed(sentence) | Failure::Permanent(sentence)) => {
                self.fail(job, document, &sentence).await.map(|()| false)
            }
        }
    }

    /// Brings the file into a private temporary directory and reads it there. The directory is
    /// removed on every path out, also when this future is dropped.
    async fn extract(&self, document: &ToProcess) -> Result<Result<Extracted, Failure>, Stop> {
        let Some(file_type) = FileType::from_media_type(&document.content_type) else {
            return Ok(Err(Failure::Permanent(
                "This type of file can't be read.".to_owned(),
            )));
        };
        let private = tempfile::Builder::new()
            .prefix("docuvault-")
            .tempdir()
            .map_err(|error| Stop::Postpone(chain(&error)))?;
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
                    .map_err(|error| Stop::Postpone(chain(&error)))?;
                while let Some(piece) = body.try_next().await? {
                    file.write_all(&piece)
                        .await
                        .map_err(|error| Stop::Postpone(chain(&error)))?;
                }
                file.flush()
                    .await
                    .map_err(|error| Stop::Postpone(chain(&error)))?;
            }
        }
        let claim = Claim {
            file_type,
            file_name: document.filename.clone(),
        };
        Ok(self.extractor.extract(&path, claim).await)
    }

    async fn write_reading(
        &self,
        job: &Job,
        document: &ToProcess,
        extracted: Extracted,
    ) -> Result<bool, Stop> {
        let thumbnail_key = match extracted.thumbnail {
            None => None,
            Some(picture) => Some(self.store_thumbnail(job, document, picture).await?),
        };
        let reading = Reading {
            page_count: i32::try_from(extracted.page_count).unwrap_or(i32::MAX),
            pages: extracted.pages,
            thumbnail_key,
            note: extracted.truncated.then(|| ONLY_A_PART.to_owned()),
        };
        let mut work = self.held(job).await?;
        work.write_reading(job, &reading).await?;
        // Asked for anew under the lock: somebody may have wanted filing meanwhile.
        let filing_next = work.wants_filing(job).await?;
        if filing_next {
            work.begin_stage(job, Stage::Filing).await?;
        } else {
            work.mark_ready(job, None).await?;
            work.end_job(job, &JobOutcome::Done).await?;
        }
        work.commit().await?;
        let status = if filing_next {
            DocumentStatus::Processing
        } else {
            DocumentStatus::Ready
        };
        self.announce(job, document, status, filing_next.then_some(Stage::Filing));
        Ok(filing_next)
    }

    async fn store_thumbnail(
        &self,
        job: &Job,
        document: &ToProcess,
        picture: Vec<u8>,
    ) -> Result<String, Stop> {
        let owner = document
            .owner
            .map_or_else(|| "null".to_owned(), |owner| owner.to_string());
        let key = format!(
            "{owner}/{}/{}{}",
            job.document_id,
            Uuid::new_v4(),
            THUMBNAIL_TYPE.key_extension()
        );
        let body = stream::once(async { Ok(picture.into()) }).boxed();
        self.services
            .parts
            .storage
            .put(&key, THUMBNAIL_TYPE.media_type(), body)
            .await?;
        Ok(key)
    }

    async fn file(&self, job: &Job, document: &ToProcess) -> Result<(), Stop> {
        let database = &self.services.parts.database;
        let text = database.document_text(job.document_id).await?;
        let only = database.job_topics(job).await?;
        let to_file = ToFile {
            owner: document.owner,
            file_name: &document.filename,
            text: &text,
            only: only.as_deref(),
        };
        let filing = self.services.file(&to_file).await?;
        let mut work = self.held(job).await?;
        match filing {
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
                work.write_filing(job, provider.as_str(), &topics, decision.note.as_deref())
                    .await?;
            }
            // Not fatal: the document is kept, its error is shown, and it can be classified again.
            Filing::Failed(sentence) => work.mark_ready(job, Some(&sentence)).await?,
        }
        work.end_job(job, &JobOutcome::Done).await?;
        work.commit().await?;
        self.announce(job, document, DocumentStatus::Ready, None);
        Ok(())
    }

    async fn fail(&self, job: &Job, document: &ToProcess, sentence: &str) -> Result<(), Stop> {
        let mut work = self.held(job).await?;
        work.mark_failed(job, sentence).await?;
        work.end_job(job, &JobOutcome::Done).await?;
        work.commit().await?;
        self.announce(job, document, DocumentStatus::Failed, None);
        Ok(())
    }

    /// A unit of work in which the job is surely this worker's.
    async fn held(&self, job: &Job) -> Result<UnitOfWork, Stop> {
        let mut work = self.services.parts.database.begin().await?;
        work.hold_lease(job).await?;
        Ok(work)
    }

    fn announce(
        &self,
        job: &Job,
        document: &ToProcess,
        status: DocumentStatus,
        stage: Option<Stage>,
    ) {
        self.services
            .announce(document.owner, job.document_id, status.as_str(), stage);
    }
}
