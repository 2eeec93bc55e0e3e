//! How much room an account's documents take. Uploads and deletions keep the count; here it is checked.

use crate::{Services, fault};
use database::Recounted;
use domain::{
    Caller, Error, Kind, UserId,
    policy::{Action, authorise},
};

/// The use cases of quotas.
pub struct Quotas<'a> {
    pub(crate) services: &'a Services,
}

/// What somebody hears whose documents would take more room than they may.
pub(crate) fn exceeded() -> Error {
    Error::new(
        Kind::QuotaExceeded,
        "quota_exceeded",
        "There is no room for this file in your vault. Delete what you don't need, or ask the vault's admin for more room.",
    )
}

impl Quotas<'_> {
    /// Refuses early what surely has no room; the count itself decides in the upload's transaction.
    pub(crate) async fn check_room(&self, owner: UserId, bytes: u64) -> Result<(), Error> {
        let left = self
            .services
            .parts
            .database
            .quota_left(owner)
            .await
            .map_err(fault::of_database)?
            .unwrap_or_default();
        if bytes > u64::try_from(left).unwrap_or_default() {
            return Err(exceeded());
        }
        Ok(())
    }

    /// Counts anew what every account's documents take, and gives the accounts whose count was wrong.
    ///
    /// # Errors
    /// `Forbidden` for everybody but the vault itself.
    pub async fn recount(&self, caller: &Caller) -> Result<Vec<Recounted>, Error> {
        authorise(caller, Action::WorkJobs)?;
        let mut work = self.services.begin().await?;
        let wrong = work.recount_quotas().await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(wrong)
    }
}
