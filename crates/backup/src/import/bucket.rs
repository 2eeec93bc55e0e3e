//! What the bucket holds before the import.

use crate::{Error, folder::Folder, manifest::Manifest, objects::List};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use storage::StorageBackend;

/// The keys of what is there, each as half of its digest: of a million objects that is some 30 MB.
pub(super) struct There(HashSet<[u8; 16]>);

impl There {
    /// Looks. Whatever is there must be of this export: an import that broke off, or the vault's own
    /// bucket. The sweeper of the new vault would delete anything else.
    pub(super) async fn look(
        storage: &dyn StorageBackend,
        folder: &Folder,
        manifest: &Manifest,
    ) -> Result<Self, Error> {
        let mut there = HashSet::new();
        let mut after = None;
        loop {
            let page = storage.list(after).await?;
            there.extend(page.entries.iter().map(|entry| short(&entry.key)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let there = Self(there);
        let others = there.others(folder, manifest).await?;
        match others {
            0 => Ok(there),
            _ => Err(Error::Refused(format!(
                "The bucket holds {others} objects that are not of this export. Nothing was changed. Import \
                 into an empty bucket: make one, and name it in MINIO_BUCKET."
            ))),
        }
    }

    /// How many of those that are there are not listed.
    async fn others(&self, folder: &Folder, manifest: &Manifest) -> Result<usize, Error> {
        let mut others = self.0.len();
        if others > 0 {
            let mut list = List::open(folder, manifest).await?;
            while let Some(line) = list.next().await? {
                others = others.saturating_sub(usize::from(self.has(line.key())));
            }
        }
        Ok(others)
    }

    /// Whether that object is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains(&short(key))
    }
}

fn short(key: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(key).into();
    let mut half = [0; 16];
    half.iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    half
}
