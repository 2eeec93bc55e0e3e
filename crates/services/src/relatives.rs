//! What a document came out of, and what came out of it.

use crate::{Documents, documents::not_found, fault};
use domain::{
    Caller, DocumentId, Error,
    policy::{Action, authorise_owner},
};

impl Documents<'_> {
    /// What one of the caller's documents came out of, and what came out of it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn relatives(
        &self,
        caller: &Caller,
        id: DocumentId,
    ) -> Result<wire::Relatives, Error> {
        let owner = authorise_owner(caller, Action::ReadDocuments)?;
        let database = &self.services.parts.database;
        database
            .document_location(owner, id)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        let (parent, parts) = database
            .relatives(owner, id)
            .await
            .map_err(fault::of_database)?;
        Ok(wire::Relatives {
            parent: parent.map(Into::into),
            parts: parts.into_iter().map(Into::into).collect(),
        })
    }
}
