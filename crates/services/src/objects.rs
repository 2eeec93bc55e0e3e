//! The removal of objects whose row was not written.

use crate::Services;

impl Services {
    /// Removes an object without a row. If that fails, the sweeper finds it.
    pub(crate) async fn discard(&self, key: &str) {
        if let Err(error) = self.parts.storage.delete(key).await {
            tracing::warn!(%error, "an object that no row names could not be removed and waits for the sweeper");
        }
    }

    /// Removes an object unless a row names it: when a commit's answer is lost, the row may be there
    /// all the same, and then the bytes must stay.
    pub(crate) async fn discard_unless_written(&self, key: &str) {
        match self.parts.database.orphans_among(&[key.to_owned()]).await {
            Ok(orphans) if orphans.is_empty() => {}
            Ok(_) => self.discard(key).await,
            Err(_) => {
                tracing::warn!(
                    "whether a row names an object is unknown; it waits for the sweeper"
                );
            }
        }
    }
}
