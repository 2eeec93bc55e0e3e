//! Deleting several documents. Each is deleted by itself, as if it had been asked for alone: one that is
//! gone already does not keep the others.

use crate::documents::Documents;
use domain::{
    Caller, DocumentId, Error, Kind,
    policy::{Action, authorise_owner},
};
use std::collections::HashSet;

/// The most documents that one act takes: more than any page shows.
const MOST: usize = 500;

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActedOn {
    /// With how many it was done.
    pub done: usize,
    /// With how many it could not be done: they are gone.
    pub left: usize,
}

impl Documents<'_> {
    /// Deletes each of them.
    ///
    /// # Errors
    /// `Invalid` for none or too many; `NotFound` when none of them is there.
    pub async fn delete_each(&self, caller: &Caller, ids: &[DocumentId]) -> Result<ActedOn, Error> {
        authorise_owner(caller, Action::WriteDocuments)?;
        if ids.is_empty() || ids.len() > MOST {
            let detail = format!("Select at least one document, and at most {MOST} at once.");
            return Err(Error::invalid("ids", detail));
        }
        let mut acted = ActedOn::default();
        let mut reason = None;
        let mut seen = HashSet::new();
        for id in ids.iter().filter(|id| seen.insert(id.0)) {
            match self.delete(caller, *id).await {
                Ok(()) => acted.done += 1,
                Err(error) if error.kind == Kind::NotFound => {
                    acted.left += 1;
                    reason = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        match reason {
            Some(error) if acted.done == 0 => Err(error),
            _ => Ok(acted),
        }
    }
}
