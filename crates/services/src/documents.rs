//! Documents: read, file, correct, try again, delete. Their list is in `listing`.

use crate::{Services, fault, filing};
use database::{Location, UnitOfWork};
use domain::{
    AuditEvent, Caller, Document, DocumentId, DocumentStatus, Error, FileName, FileType, JobId,
    Kind, TopicId, TopicName, UserId,
    policy::{Action, authorise_owner},
};
use queue::Event;
use std::{collections::HashMap, ops::Range, time::Duration};
use storage::{ByteStream, Presigned};
use tokio::sync::broadcast;
use uuid::Uuid;

/// How often a waiting call looks for itself, should an event have been missed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long the address of a document's bytes works: until the browser that is sent there has come.
const ADDRESS_LIFETIME: Duration = Duration::from_secs(60);

/// The use cases of documents.
pub struct Documents<'a> {
    pub(crate) services: &'a Services,
}

/// Whether to wait for a classification's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Answer at once.
    No,
    /// Answer when it is there, or when this much time has passed.
    UpTo(Duration),
}

/// A classification that was asked for.
#[derive(Clone, Debug)]
pub struct Classified {
    /// The document as it stands.
    pub document: Document,
    /// Whether the result is in it.
    pub done: bool,
}

/// A document's bytes, to be read whole or in part.
pub struct Content<'a> {
    services: &'a Services,
    key: String,
    /// The name its owner gave the file.
    pub filename: FileName,
    /// The media type to send.
    pub content_type: String,
    /// How many bytes there are, where that is known beforehand.
    pub size_bytes: Option<u64>,
    /// Whether a browser may show it on our own origin.
    pub inline: bool,
}

impl Content<'_> {
    /// An address outside the vault under which the bytes can be read for a minute, by whoever knows it;
    /// `None` when they can only be read here. They come with that `Content-Disposition`.
    ///
    /// # Errors
    /// `Unavailable` when the address can't be made.
    pub async fn address(&self, disposition: &str) -> Result<Option<String>, Error> {
        let answer = Presigned {
            lifetime: ADDRESS_LIFETIME,
            content_type: self.content_type.clone(),
            content_disposition: disposition.to_owned(),
        };
        let storage = &self.services.parts.storage;
        storage
            .presigned_get(&self.key, &answer)
            .await
            .map_err(fault::of_storage)
    }

    /// The bytes, or those of a range of them (end exclusive).
    ///
    /// # Errors
    /// `NotFound` when the bytes are gone, `Unavailable` when the store is.
    pub async fn stream(&self, range: Option<Range<u64>>) -> Result<ByteStream, Error> {
        match self.services.parts.storage.get(&self.key, range).await {
            Err(storage::Error::NotFound) => {
                tracing::error!(
                    key = self.key,
                    "an object that a row names is not in the store"
                );
                Err(Error::not_found(
                    "content_missing",
                    "The bytes of this document are missing from the store.",
                ))
            }
            answer => answer.map_err(fault::of_storage),
        }
    }
}

pub(crate) fn not_found() -> Error {
    Error::not_found(
        "document_not_found",
        "There is no such document. It may have been deleted.",
    )
}

impl Documents<'_> {
    /// One document, with its text.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, caller: &Caller, id: DocumentId) -> Result<Document, Error> {
        let owner = authorise_owner(caller, Action::ReadDocuments)?;
        self.services
            .parts
            .database
            .document(owner, id)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)
    }

    /// A document's bytes. That they were read is logged before the first of them is sent.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn content(&self, caller: &Caller, id: DocumentId) -> Result<Content<'_>, Error> {
        let owner = authorise_owner(caller, Action::ReadDocuments)?;
        let entry = caller.did(AuditEvent::DocumentRead, id.0);
        let database = &self.services.parts.database;
        let location = database
            .open_document(owner, id, &entry)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        let file_type = FileType::from_media_type(&location.content_type);
        Ok(Content {
            services: self.services,
            key: location.object_key,
            filename: location.filename,
            content_type: location.content_type,
            size_bytes: u64::try_from(location.size_bytes).ok(),
            inline: file_type.is_some_and(FileType::shown_inline),
        })
    }

    /// The picture of a document's first page.
    ///
    /// # Errors
    /// `NotFound`, also when there is no picture.
    pub async fn thumbnail(&self, caller: &Caller, id: DocumentId) -> Result<Content<'_>, Error> {
        let location = self.location(caller, id).await?;
        let key = location.thumbnail_key.ok_or_else(|| {
            Error::not_found(
                "thumbnail_not_found",
                "There is no picture of this document.",
            )
        })?;
        Ok(Content {
            services: self.services,
            key,
            filename: location.filename,
            content_type: crate::processing::THUMBNAIL_TYPE.media_type().to_owned(),
            size_bytes: None,
            inline: true,
        })
    }

    async fn location(&self, caller: &Caller, id: DocumentId) -> Result<Location, Error> {
        let owner = authorise_owner(caller, Action::ReadDocuments)?;
        self.services
            .parts
            .database
            .document_location(owner, id)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)
    }

    /// Has a document filed (again). A document that is still being read is filed afterwards.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a topic that does not exist; `Conflict` for a document that could not be read.
    pub async fn classify(
        &self,
        caller: &Caller,
        id: DocumentId,
        request: &wire::ClassifyRequest,
        wait: Wait,
    ) -> Result<Classified, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        // Listening begins before the work does, so that its end can't be missed.
        let events = self.services.parts.events.subscribe();
        let job = self.schedule_filing(caller, owner, id, request).await?;
        if let Some(job) = job {
            self.services.dispatch(vec![job]);
            let stage = Some(domain::Stage::Filing);
            self.services
                .announce(owner, id, DocumentStatus::Processing.as_str(), stage);
        }
        let done = match wait {
            Wait::No => false,
            Wait::UpTo(patience) => {
                tokio::time::timeout(patience, self.until_filed(caller, id, job, events))
                    .await
                    .unwrap_or(Ok(false))?
            }
        };
        Ok(Classified {
            document: self.get(caller, id).await?,
            done,
        })
    }

    /// The job that will file the document; `None` when the job that reads it will.
    async fn schedule_filing(
        &self,
        caller: &Caller,
        owner: UserId,
        id: DocumentId,
        request: &wire::ClassifyRequest,
    ) -> Result<Option<JobId>, Error> {
        let mut work = self.services.begin().await?;
        let status = lock(&mut work, owner, id).await?;
        let only = match &request.topics {
            None => None,
            Some(names) => Some(topic_ids(&mut work, owner, names).await?),
        };
        let document = work.has_been_read(id).await.map_err(fault::of_database)?;
        let job = match (status, document) {
            (DocumentStatus::Failed, _) => {
                return Err(Error::new(
                    Kind::Conflict,
                    "document_failed",
                    "This document could not be read, so it can't be filed. Try reading it again first.",
                ));
            }
            (_, false) => {
                work.want_filing(id, only)
                    .await
                    .map_err(fault::of_database)?;
                None
            }
            (_, true) => {
                let job = JobId(Uuid::now_v7());
                work.file_again(id, job, only)
                    .await
                    .map_err(fault::of_database)?;
                Some(job)
            }
        };
        let entry = caller.did(AuditEvent::DocumentProcessingRequested, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(job)
    }

    async fn until_filed(
        &self,
        caller: &Caller,
        id: DocumentId,
        job: Option<JobId>,
        mut events: broadcast::Receiver<Event>,
    ) -> Result<bool, Error> {
        loop {
            let ended = match job {
                Some(job) => self
                    .services
                    .parts
                    .database
                    .job_has_ended(job)
                    .await
                    .map_err(fault::of_database)?,
                None => self.get(caller, id).await?.status.is_final(),
            };
            if ended {
                return Ok(true);
            }
            tokio::select! {
                () = until_final(&mut events, id) => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Makes these topics what a person says the document is about; the built-in provider learns from it.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a topic that does not exist.
    pub async fn set_topics(
        &self,
        caller: &Caller,
        id: DocumentId,
        request: &wire::SetTopics,
    ) -> Result<Document, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        let mut work = self.services.begin().await?;
        lock(&mut work, owner, id).await?;
        let topics = topic_ids(&mut work, owner, &request.topics).await?;
        work.lock_topics(owner).await.map_err(fault::of_database)?;
        let correction = work
            .set_person_topics(id, &topics)
            .await
            .map_err(fault::of_database)?;
        filing::learn(&mut work, id, correction).await?;
        let entry = caller.did(AuditEvent::DocumentFiled, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        let document = self.get(caller, id).await?;
        self.services
            .announce(owner, id, document.status.as_str(), document.stage);
        Ok(document)
    }

    /// Has a document that could not be read processed again from the beginning.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` for a document that did not fail.
    pub async fn retry(&self, caller: &Caller, id: DocumentId) -> Result<Document, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        let mut work = self.services.begin().await?;
        if lock(&mut work, owner, id).await? != DocumentStatus::Failed {
            return Err(Error::new(
                Kind::Conflict,
                "document_not_failed",
                "This document did not fail. To have it filed anew, classify it again.",
            ));
        }
        let job = JobId(Uuid::now_v7());
        work.process_again(id, job)
            .await
            .map_err(fault::of_database)?;
        let entry = caller.did(AuditEvent::DocumentProcessingRequested, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.services.dispatch(vec![job]);
        self.services
            .announce(owner, id, DocumentStatus::Pending.as_str(), None);
        self.get(caller, id).await
    }

    /// Removes a document, then its bytes. Bytes that can't be removed now are removed later.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: DocumentId) -> Result<(), Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        let parts = &self.services.parts;
        let entry = caller.did(AuditEvent::DocumentDeleted, id.0);
        let keys = fault::repeated(|| parts.database.delete_document(owner, id, &entry))
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        let mut gone = Vec::new();
        for key in keys {
            match parts.storage.delete(&key).await {
                Ok(()) => gone.push(key),
                Err(error) => {
                    tracing::warn!(%error, "an object could not be deleted and waits for the sweeper")
                }
            }
        }
        if let Err(error) = parts.database.objects_deleted(&gone).await {
            tracing::warn!(%error, "deleted objects stay noted and will be deleted again");
        }
        self.services.announce(owner, id, "deleted", None);
        Ok(())
    }
}

async fn lock(
    work: &mut UnitOfWork,
    owner: UserId,
    id: DocumentId,
) -> Result<DocumentStatus, Error> {
    work.lock_document(owner, id)
        .await
        .map_err(fault::of_database)?
        .ok_or_else(not_found)
}

/// The ids of the caller's topics of these names; every name must be known.
pub(crate) async fn topic_ids(
    work: &mut UnitOfWork,
    owner: UserId,
    names: &[String],
) -> Result<Vec<TopicId>, Error> {
    let missing = || {
        Error::invalid(
            "topics",
            "One of the topics does not exist. It may have been renamed or deleted.",
        )
    };
    if names.iter().any(|name| TopicName::parse(name).is_err()) {
        return Err(missing());
    }
    let known: HashMap<String, TopicId> = work
        .topics_named(owner, names)
        .await
        .map_err(fault::of_database)?
        .into_iter()
        .map(|(id, name)| (name, id))
        .collect();
    let mut ids = Vec::new();
    for name in names {
        let id = *known.get(name).ok_or_else(missing)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Waits for news that the document is done.
async fn until_final(events: &mut broadcast::Receiver<Event>, id: DocumentId) {
    loop {
        match events.recv().await {
            Ok(event)
                if event.document == id
                    && matches!(event.status.as_str(), "ready" | "failed" | "deleted") =>
            {
                return;
            }
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
        }
    }
}
