//! Housekeeping: bytes that no row names any more, and sign-ins that are over. Run by the worker, now and
//! then. Secrets under a key that is being replaced have a module of their own.

use crate::{Services, fault};
use domain::{
    Caller, Error,
    policy::{Action, authorise},
};
use time::{Duration, OffsetDateTime};

/// How many noted deletions are dealt with at once.
const BATCH: i64 = 200;

/// How old an object without a row must be: an upload stores its object before its row.
const ORPHAN_AGE: Duration = Duration::hours(24);

/// How long it is kept after it was found. Whoever restores a backup that is older than the store can
/// still notice, and keep what was uploaded since.
const ORPHANS_WAIT: Duration = Duration::days(7);

/// When the store is asked again to delete what it would not.
const REFUSED_AGAIN: Duration = Duration::hours(1);

/// The keys of objects that were stored so long ago that a row names them by now, if ever.
pub(crate) fn old_enough(entries: Vec<storage::Entry>, now: OffsetDateTime) -> Vec<String> {
    let old = entries
        .into_iter()
        .filter(|entry| now - entry.stored_at > ORPHAN_AGE);
    old.map(|entry| entry.key).collect()
}

/// The sweeper.
pub struct Sweeping<'a> {
    pub(crate) services: &'a Services,
}

impl Sweeping<'_> {
    /// Forgets sessions and links that nobody can use any more.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn forget_old_sign_ins(&self, caller: &Caller) -> Result<(), Error> {
        authorise(caller, Action::WorkJobs)?;
        let now = self.services.now();
        self.services
            .parts
            .database
            .forget_old_sign_ins(now)
            .await
            .map_err(fault::of_database)
    }

    /// Deletes the objects of deleted documents, and those that no row has named for long; gives how many.
    ///
    /// # Errors
    /// When a part can't be reached; what was noted stays noted.
    pub async fn delete_noted(&self, caller: &Caller, now: OffsetDateTime) -> Result<usize, Error> {
        authorise(caller, Action::WorkJobs)?;
        let database = &self.services.parts.database;
        let keys = database
            .object_deletions(now, BATCH)
            .await
            .map_err(fault::of_database)?;
        let mut deleted = Vec::new();
        for key in keys {
            match self.services.parts.storage.delete(&key).await {
                Ok(()) => deleted.push(key),
                Err(storage::Error::Refused(error)) => {
                    tracing::warn!(%error, key, "the store keeps an object that should go");
                    database
                        .postpone_object_deletion(&key, now + REFUSED_AGAIN)
                        .await
                        .map_err(fault::of_database)?;
                }
                Err(error) => return Err(fault::of_storage(error)),
            }
        }
        if !deleted.is_empty() {
            database
                .objects_deleted(&deleted)
                .await
                .map_err(fault::of_database)?;
        }
        Ok(deleted.len())
    }

    /// Notes objects older than a day that no row names (an upload whose server died), to be deleted in a
    /// week; gives how many are new among them.
    ///
    /// # Errors
    /// When a part can't be reached.
    pub async fn note_orphans(&self, caller: &Caller, now: OffsetDateTime) -> Result<usize, Error> {
        authorise(caller, Action::WorkJobs)?;
        let parts = &self.services.parts;
        let mut after = None;
        let mut noted = 0;
        loop {
            let page = parts.storage.list(after).await.map_err(fault::of_storage)?;
            let old = old_enough(page.entries, now);
            let new = parts.database.note_orphans(&old, now + ORPHANS_WAIT).await;
            noted += usize::try_from(new.map_err(fault::of_database)?).unwrap_or(usize::MAX);
            after = page.next;
            if after.is_none() {
                return Ok(noted);
            }
        }
    }

    /// Ends uploads in parts that were begun more than a day ago and never finished (their server died,
    /// or the store was away when they broke off); gives how many.
    ///
    /// # Errors
    /// When the store can't be reached or has no such list.
    pub async fn abort_unfinished(
        &self,
        caller: &Caller,
        now: OffsetDateTime,
    ) -> Result<usize, Error> {
        authorise(caller, Action::WorkJobs)?;
        let storage = &self.services.parts.storage;
        storage
            .abort_unfinished(now - ORPHAN_AGE)
            .await
            .map_err(fault::of_storage)
    }
}
