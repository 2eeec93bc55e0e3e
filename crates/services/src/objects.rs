//! The removal of objects whose row was not written.

use crate::Services;

impl Services {
    /// Removes an object without a row. If that fails, the sweeper finds it.
    pub(crate) async fn discard(&self, key: &str) {
        if let Err(error) = self.parts.storage.delete(key).await {
            tracing::warn!(%error, "an object that no row names could not be removed and waits for the sweeper");
        }
    }

    /// The same beside the request: the store did not answer well just now.
    pub(crate) fn discard_beside(&self, key: String) {
        let services = self.clone();
        self.tasks
            .spawn(async move { services.discard(&key).await });
    }

    /// Removes the object of a row that could not be written, unless it was. Where that is `unknown`,
    /// because the answer was lost, the object stays for the sweeper: PostgreSQL may be about to write
    /// the row while we look, and then the bytes must be there.
    pub(crate) async fn discard_unless_written(&self, key: &str, unknown: bool) {
        if unknown {
            tracing::warn!("whether a row names an object is unknown; it waits for the sweeper");
            return;
        }
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
