//! Housekeeping: bytes that no row names any more, sign-ins that are over, secrets under a key that is
//! being replaced. Run by the worker, now and then.

use crate::{Services, fault, filing_settings, seal, second_factor};
use database::SealedPlace;
use domain::{
    Caller, Error,
    policy::{Action, authorise},
};
use time::{Duration, OffsetDateTime};

/// How many noted deletions are dealt with at once.
const BATCH: i64 = 200;

/// How old an object without a row must be: an upload stores its object before its row.
pub(crate) const ORPHAN_AGE: Duration = Duration::hours(24);

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

    /// Seals every secret anew that the previous `SECRET_KEY` sealed; gives how many. Afterwards the
    /// previous one is needed no more.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn seal_anew(&self, caller: &Caller) -> Result<usize, Error> {
        authorise(caller, Action::WorkJobs)?;
        let (database, keys) = (
            &self.services.parts.database,
            &self.services.parts.secret_key,
        );
        if keys.previous.is_none() {
            return Ok(0);
        }
        let mut count = 0;
        for (place, sealed) in database
            .sealed_secrets()
            .await
            .map_err(fault::of_database)?
        {
            let context = match place {
                SealedPlace::FilingKey(owner, provider) => {
                    filing_settings::context(owner, provider)
                }
                SealedPlace::Totp(user) => second_factor::context(user),
            };
            if let Some(anew) = seal::seal_anew(keys, &context, &sealed) {
                database
                    .replace_sealed(place, &sealed, &anew)
                    .await
                    .map_err(fault::of_database)?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Deletes the objects of deleted documents; gives how many.
    ///
    /// # Errors
    /// When a part can't be reached; what was noted stays noted.
    pub async fn delete_noted(&self, caller: &Caller) -> Result<usize, Error> {
        authorise(caller, Action::WorkJobs)?;
        let database = &self.services.parts.database;
        let keys = database
            .object_deletions(BATCH)
            .await
            .map_err(fault::of_database)?;
        let mut deleted = Vec::new();
        for key in keys {
            match self.services.parts.storage.delete(&key).await {
                Ok(()) => deleted.push(key),
                Err(storage::Error::Refused(error)) => {
                    tracing::warn!(%error, key, "the store keeps an object that should go");
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

    /// Deletes objects older than a day that no row names (an upload whose server died); gives how many.
    ///
    /// # Errors
    /// When a part can't be reached.
    pub async fn delete_orphans(
        &self,
        caller: &Caller,
        now: OffsetDateTime,
    ) -> Result<usize, Error> {
        authorise(caller, Action::WorkJobs)?;
        let parts = &self.services.parts;
        let mut after = None;
        let mut deleted = 0;
        loop {
            let page = parts.storage.list(after).await.map_err(fault::of_storage)?;
            let old: Vec<String> = page
                .entries
                .into_iter()
                .filter(|entry| now - entry.stored_at > ORPHAN_AGE)
                .map(|entry| entry.key)
                .collect();
            for key in parts
                .database
                .orphans_among(&old)
                .await
                .map_err(fault::of_database)?
            {
                match parts.storage.delete(&key).await {
                    Ok(()) => deleted += 1,
                    Err(storage::Error::Refused(error)) => {
                        tracing::warn!(%error, key, "the store keeps an object that no row names");
                    }
                    Err(error) => return Err(fault::of_storage(error)),
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(deleted);
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
