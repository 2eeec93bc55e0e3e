//! The audit log: whether it is whole. Entries are written where the acts are.

use crate::{Services, fault};
use database::BrokenLink;
use domain::{
    Caller, Error,
    policy::{Action, authorise},
};

/// The use cases of the audit log.
pub struct Audit<'a> {
    pub(crate) services: &'a Services,
}

impl Audit<'_> {
    /// How many entries there are, and where each broken chain breaks first.
    ///
    /// # Errors
    /// `Forbidden` for everybody but the vault itself.
    pub async fn verify(&self, caller: &Caller) -> Result<(i64, Vec<BrokenLink>), Error> {
        authorise(caller, Action::WorkJobs)?;
        self.services
            .parts
            .database
            .verify_audit()
            .await
            .map_err(fault::of_database)
    }
}
