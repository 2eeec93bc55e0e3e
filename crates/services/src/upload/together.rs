//! Writes an owner's uploads that come at once with one statement.
//!
//! An owner's quota and log allow one statement at a time, and each waits for the disk. Whatever comes
//! while one waits goes together with the next, so that many small files are not stored at the disk's
//! pace. A single upload waits for nobody.

use crate::{
    Services, fault,
    lanes::{Lanes, Waiting},
};
use database::Upload;
use domain::{Document, DocumentStatus, Error, JobId, UserId};

/// The most uploads in one statement.
const MOST: usize = 64;

/// Why an upload was not written.
pub(crate) enum Refused {
    /// The quota has no room for it, or the account was disabled.
    NoRoom,
    /// It could not be written, or whether it was is unknown.
    Failed(Error),
}

type Outcome = Result<Document, Refused>;
type Waiter = Waiting<Upload, Outcome>;

/// What waits to be written, by owner.
pub(crate) type Uploaded = Lanes<UserId, Upload, Outcome>;

/// Writes an upload, with whatever else of its owner waits.
pub(crate) async fn insert(services: &Services, upload: Upload) -> Outcome {
    let owner = upload.document.owner;
    let serve = |waiting| write(services, owner, waiting);
    let written = services.uploaded.join(owner, upload, MOST, serve).await;
    written.unwrap_or_else(|| Err(Refused::Failed(Error::internal())))
}

/// Writes them and answers each. Who no longer waits for the answer finds the document in the list.
async fn write(services: &Services, owner: UserId, mut waiting: Vec<Waiter>) {
    if waiting.len() > 1 && write_all(services, owner, &mut waiting).await {
        return;
    }
    for one in waiting {
        let _ = one
            .answer
            .send(write_one(services, owner, one.wanted).await);
    }
}

/// Tries to write them with one statement. `false` leaves them all: each has to get its own try, so
/// that one that has no room, or is refused, stands in nobody's way.
async fn write_all(services: &Services, owner: UserId, waiting: &mut Vec<Waiter>) -> bool {
    let uploads: Vec<Upload> = waiting.iter().map(|one| one.wanted.clone()).collect();
    let database = &services.parts.database;
    match database.insert_documents(owner, &uploads).await {
        Ok(Some(documents)) => {
            let jobs = uploads.iter().map(|upload| upload.job).collect();
            written(services, owner, jobs, &documents);
            for (one, document) in waiting.drain(..).zip(documents) {
                let _ = one.answer.send(Ok(document));
            }
            true
        }
        Err(database::Error::Unavailable) => {
            for one in waiting.drain(..) {
                let error = fault::of_database(database::Error::Unavailable);
                let _ = one.answer.send(Err(Refused::Failed(error)));
            }
            true
        }
        Ok(None) | Err(_) => false,
    }
}

async fn write_one(services: &Services, owner: UserId, upload: Upload) -> Outcome {
    let database = &services.parts.database;
    let job = upload.job;
    let upload = [upload];
    match fault::repeated(|| database.insert_documents(owner, &upload)).await {
        Ok(Some(mut documents)) => {
            written(services, owner, vec![job], &documents);
            documents
                .pop()
                .ok_or_else(|| Refused::Failed(Error::internal()))
        }
        Ok(None) => Err(Refused::NoRoom),
        Err(error) => Err(Refused::Failed(fault::of_database(error))),
    }
}

/// Sends the jobs of new documents on their way and tells open pages of them.
fn written(services: &Services, owner: UserId, jobs: Vec<JobId>, documents: &[Document]) {
    services.dispatch(jobs);
    let ids = documents.iter().map(|document| document.id);
    services.announce_all(owner, ids, DocumentStatus::Pending.as_str(), None);
}
