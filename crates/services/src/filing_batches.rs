//! Filing many documents by one act, and undoing it.
//!
//! What a person sets by themselves afterwards takes a document out of its batch, so that undoing never
//! overwrites it; so does a later batch.

use crate::{Services, documents::topic_ids, fault, filing};
use database::{InBatch, UnitOfWork};
use domain::{
    AuditEvent, Caller, DocumentId, DocumentStatus, Error, FilingBatchId, JobId, Stage, UserId,
    policy::{Action, authorise_owner},
};
use uuid::Uuid;

/// The most documents of one batch: its transaction holds all of them.
const MAX_DOCUMENTS: usize = 500;

/// The use cases of batches.
pub struct FilingBatches<'a> {
    pub(crate) services: &'a Services,
}

fn not_found() -> Error {
    Error::not_found(
        "filing_batch_not_found",
        "There is nothing to undo. It may have been undone already, or changed by a later act.",
    )
}

impl FilingBatches<'_> {
    /// Has documents filed again. Those that are not ready are left out.
    ///
    /// # Errors
    /// `NotFound` for a document that does not exist; `Invalid` for a topic that does not, or no documents.
    pub async fn classify(
        &self,
        caller: &Caller,
        request: &wire::ClassifyTogether,
    ) -> Result<wire::FilingBatch, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        let (mut work, documents) = self.begin(owner, &request.documents).await?;
        let only = match &request.topics {
            None => None,
            Some(names) => Some(topic_ids(&mut work, owner, names).await?),
        };
        let (ready, left_out): (Vec<_>, Vec<_>) = documents
            .into_iter()
            .partition(|document| document.read && document.status == DocumentStatus::Ready);
        let batch = FilingBatchId(Uuid::now_v7());
        work.begin_batch(owner, batch)
            .await
            .map_err(fault::of_database)?;
        let mut jobs = Vec::new();
        for document in &ready {
            let job = JobId(Uuid::now_v7());
            work.file_again(document.id, job, only.clone())
                .await
                .map_err(fault::of_database)?;
            work.note_before(batch, document.id, Some(job))
                .await
                .map_err(fault::of_database)?;
            jobs.push(job);
        }
        let event = AuditEvent::DocumentProcessingRequested;
        audit(
            &mut work,
            caller,
            event,
            ready.iter().map(|one| one.id),
            None,
        )
        .await?;
        work.commit().await.map_err(fault::of_database)?;
        self.services.dispatch(jobs);
        let status = DocumentStatus::Processing.as_str();
        let documents = ready.iter().map(|one| one.id);
        self.services
            .announce_all(owner, documents, status, Some(Stage::Filing));
        Ok(shown(batch, &ready, &left_out))
    }

    /// Puts documents under topics and takes them off others, as a person's word; the built-in provider
    /// learns from it.
    ///
    /// # Errors
    /// `NotFound` for a document that does not exist; `Invalid` for a topic that does not, or no documents.
    pub async fn file(
        &self,
        caller: &Caller,
        request: &wire::FileTogether,
    ) -> Result<wire::FilingBatch, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        if request.add.iter().any(|name| request.remove.contains(name)) {
            return Err(Error::invalid(
                "remove",
                "A topic can't be added and removed at once.",
            ));
        }
        let (mut work, documents) = self.begin(owner, &request.documents).await?;
        let add = topic_ids(&mut work, owner, &request.add).await?;
        let remove = topic_ids(&mut work, owner, &request.remove).await?;
        let batch = FilingBatchId(Uuid::now_v7());
        work.begin_batch(owner, batch)
            .await
            .map_err(fault::of_database)?;
        work.lock_topics(owner).await.map_err(fault::of_database)?;
        for document in &documents {
            work.note_before(batch, document.id, None)
                .await
                .map_err(fault::of_database)?;
            let corrected = work
                .change_person_topics(document.id, &add, &remove)
                .await
                .map_err(fault::of_database)?;
            filing::learn(&mut work, document.id, corrected).await?;
        }
        let ids = documents.iter().map(|one| one.id);
        audit(&mut work, caller, AuditEvent::DocumentFiled, ids, None).await?;
        work.commit().await.map_err(fault::of_database)?;
        for document in &documents {
            let status = document.status.as_str();
            self.services.announce(owner, document.id, status, None);
        }
        Ok(shown(batch, &documents, &[]))
    }

    /// Gives the documents of a batch back what they had before it.
    ///
    /// # Errors
    /// `NotFound` for a batch that does not exist, or was undone.
    pub async fn undo(
        &self,
        caller: &Caller,
        batch: FilingBatchId,
    ) -> Result<wire::UndoneBatch, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        let mut work = self.services.begin().await?;
        let ids = work
            .batch_documents(owner, batch)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        let documents = work
            .lock_documents(owner, &ids)
            .await
            .map_err(fault::of_database)?;
        work.lock_topics(owner).await.map_err(fault::of_database)?;
        let mut restored = Vec::new();
        for document in documents {
            let before = work
                .restore_before(batch, document.id)
                .await
                .map_err(fault::of_database)?;
            if let Some(corrected) = before {
                filing::learn(&mut work, document.id, corrected).await?;
                restored.push(document.id);
            }
        }
        work.end_batch(batch).await.map_err(fault::of_database)?;
        let note = Some("as it was before a batch");
        let (event, ids) = (AuditEvent::DocumentFiled, restored.iter().copied());
        audit(&mut work, caller, event, ids, note).await?;
        work.commit().await.map_err(fault::of_database)?;
        let status = DocumentStatus::Ready.as_str();
        self.services
            .announce_all(owner, restored.iter().copied(), status, None);
        Ok(wire::UndoneBatch {
            restored: restored.into_iter().map(|document| document.0).collect(),
        })
    }

    /// A unit of work that holds the documents, all of which are the owner's.
    async fn begin(
        &self,
        owner: UserId,
        documents: &[Uuid],
    ) -> Result<(UnitOfWork, Vec<InBatch>), Error> {
        if documents.is_empty() || documents.len() > MAX_DOCUMENTS {
            return Err(Error::invalid(
                "documents",
                "Choose at least one document, and at most 500 at once.",
            ));
        }
        let mut wanted: Vec<DocumentId> = documents.iter().copied().map(DocumentId).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut work = self.services.begin().await?;
        let found = work
            .lock_documents(owner, &wanted)
            .await
            .map_err(fault::of_database)?;
        if found.len() < wanted.len() {
            return Err(Error::not_found(
                "document_not_found",
                "One of the documents is not there. It may have been deleted. Reload the page, then try again.",
            ));
        }
        Ok((work, found))
    }
}

async fn audit(
    work: &mut UnitOfWork,
    caller: &Caller,
    event: AuditEvent,
    documents: impl Iterator<Item = DocumentId>,
    note: Option<&'static str>,
) -> Result<(), Error> {
    for document in documents {
        let mut entry = caller.did(event, document.0);
        if let Some(note) = note {
            entry = entry.noting(note);
        }
        work.audit(&entry).await.map_err(fault::of_database)?;
    }
    Ok(())
}

fn shown(batch: FilingBatchId, documents: &[InBatch], left_out: &[InBatch]) -> wire::FilingBatch {
    let ids = |documents: &[InBatch]| documents.iter().map(|document| document.id.0).collect();
    wire::FilingBatch {
        id: batch.0,
        documents: ids(documents),
        left_out: ids(left_out),
    }
}
