//! What came out of an archive or an e-mail becomes documents of its own, filed and read like uploads.
//!
//! Before the parent is marked as read, every part is written: one whose worker dies is read again, and
//! what was written before is passed over. A part is one object and one transaction; where that ends
//! between the two, the sweeper finds the object.

use super::{Stop, held::Held};
use crate::Services;
use bytes::Bytes;
use database::{NewPart, PartWritten};
use domain::{
    AuditEntry, AuditEvent, Caller, DocumentId, Family, FileType, JobId, NewDocument, PartPath,
};
use extraction::{Extracted, LeftOut, Part, Parts, SNIFF_BYTES};
use futures::StreamExt;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek};
use storage::ByteStream;
use telemetry::with_causes;
use tokio_util::io::ReaderStream;
use uuid::Uuid;

/// How deep archives and e-mails are opened inside each other: an archive in an e-mail in an archive is,
/// what is in an archive in there is not. An archive may well contain itself.
const MAX_DEPTH: i32 = 3;

/// How many documents may come out of one upload in all, whatever is inside of what.
const MAX_DESCENDANTS: i64 = 2_000;

/// A sentence names so many files that were left out.
const NAMED: usize = 5;

/// What is written of a part, beside where it stood.
struct Measured {
    file: File,
    file_type: FileType,
    size: u64,
    digest: [u8; 32],
}

impl Services {
    /// How many parts may be taken out of a document of that media type.
    pub(super) async fn parts_allowed(
        &self,
        id: DocumentId,
        content_type: &str,
    ) -> Result<u32, Stop> {
        let family = FileType::from_media_type(content_type).map(FileType::family);
        if !matches!(family, Some(Family::Mail | Family::Archive)) {
            // There are none, so that nothing need be asked.
            return Ok(u32::MAX);
        }
        let place = self.parts.database.place_of(id).await?;
        if place.depth >= MAX_DEPTH {
            return Ok(0);
        }
        // What an earlier try took out of this document counts as well, but is passed over later.
        let own = self.parts.database.part_paths(id).await?.len();
        let others = place.parts - i64::try_from(own).unwrap_or(i64::MAX);
        Ok(u32::try_from(MAX_DESCENDANTS - others).unwrap_or(0))
    }
}

impl Held {
    /// Writes every part as a document. Gives what the owner should know of those that were left out.
    pub(super) async fn store_parts(&self, extracted: &Extracted) -> Result<Option<String>, Stop> {
        let mut left_out = extracted.left_out.clone();
        let mut count = extracted.left_out_count;
        let database = &self.services.parts.database;
        let mut written: HashSet<String> = HashSet::new();
        if !extracted.parts.is_empty() {
            written.extend(database.part_paths(self.job.document_id).await?);
        }
        for part in extracted.parts.iter() {
            if written.contains(part.path.as_str()) {
                continue;
            }
            if let Some(reason) = self.store_part(&extracted.parts, part).await? {
                count = count.saturating_add(1);
                left_out.push(LeftOut {
                    path: part.path.as_str().to_owned(),
                    reason,
                });
            }
        }
        Ok(sentence(&left_out, count))
    }

    /// Writes one part; the reason, when it is left out.
    ///
    /// Runs to its end even when the job is taken away meanwhile: an object whose row is not written is
    /// removed again.
    async fn store_part(&self, parts: &Parts, part: &Part) -> Result<Option<String>, Stop> {
        let (held, parts, part) = (self.clone(), parts.clone(), part.clone());
        self.services
            .tasks
            .spawn(async move { held.write_part(parts, part).await })
            .await
            .unwrap_or_else(|error| Err(Stop::Retry(error.to_string())))
    }

    async fn write_part(&self, parts: Parts, part: Part) -> Result<Option<String>, Stop> {
        let path = part.path.clone();
        let measured = tokio::task::spawn_blocking(move || measure(&parts, &part))
            .await
            .map_err(|error| Stop::Retry(error.to_string()))?
            .map_err(|error| Stop::Postpone(with_causes(&error)))?;
        let Some(measured) = measured else {
            return Ok(Some("its type can't be recognised".to_owned()));
        };
        let most = self.services.parts.max_upload_bytes;
        if measured.size > most {
            return Ok(Some(format!("it is larger than {} MiB", most >> 20)));
        }
        let (new, file) = self.new_part(path, measured);
        let key = new.document.object_key.clone();
        let storage = &self.services.parts.storage;
        let put = storage
            .put(&key, new.document.content_type, body(file))
            .await;
        let stored = match put {
            Ok(_) => self.insert(&new).await,
            Err(error) => Err(error.into()),
        };
        match stored {
            Ok(PartWritten::Now) => {
                self.services.dispatch(vec![new.job]);
                let owner = self.document.owner;
                self.services
                    .announce(owner, new.document.id, "pending", None);
                Ok(None)
            }
            Ok(PartWritten::Before) => {
                self.services.discard(&key).await;
                Ok(None)
            }
            Ok(PartWritten::NoRoom) => {
                self.services.discard(&key).await;
                Ok(Some("there is no room for it in your vault".to_owned()))
            }
            Err(stop) => {
                let unknown = matches!(stop, Stop::Postpone(_));
                self.services.discard_unless_written(&key, unknown).await;
                Err(stop)
            }
        }
    }

    async fn insert(&self, new: &NewPart) -> Result<PartWritten, Stop> {
        let mut work = self.services.parts.database.begin().await?;
        // Before any document, as deletions take it.
        work.lock_quota(new.document.owner).await?;
        work.hold_lease(&self.job).await?;
        let written = work.insert_part(new).await?;
        work.commit().await?;
        Ok(written)
    }

    /// The same as for an upload (D-06), by the same rules.
    fn new_part(&self, path: PartPath, measured: Measured) -> (NewPart, File) {
        let (owner, parent) = (self.document.owner, self.job.document_id);
        let id = DocumentId(Uuid::now_v7());
        let caller = Caller::system(self.job.id.to_string());
        let document = NewDocument {
            id,
            owner,
            filename: path.name().clone(),
            object_key: format!(
                "{owner}/{id}/{}{}",
                Uuid::new_v4(),
                measured.file_type.key_extension()
            ),
            content_type: measured.file_type.media_type(),
            size_bytes: i64::try_from(measured.size).unwrap_or(i64::MAX),
            sha256: domain::Sha256(measured.digest),
            auto_classify: self.document.auto_classify,
        };
        let part = NewPart {
            document,
            parent,
            path,
            job: JobId(Uuid::now_v7()),
            entry: AuditEntry {
                subject: Some(owner),
                ..caller.did(AuditEvent::DocumentCreated, id.0)
            }
            .noting(format!("from {parent}")),
        };
        (part, measured.file)
    }
}

/// Reads a part once, for its type, size and digest. None when the child let something pass that no
/// upload could be. Blocks.
fn measure(parts: &Parts, part: &Part) -> std::io::Result<Option<Measured>> {
    let mut file = parts.open(part)?;
    let mut head = Vec::new();
    file.by_ref()
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)?;
    let Ok(file_type) = extraction::sniff(&head, part.path.name()) else {
        return Ok(None);
    };
    file.rewind()?;
    let mut hasher = Sha256::new();
    let size = std::io::copy(&mut file, &mut hasher)?;
    file.rewind()?;
    Ok(Some(Measured {
        file,
        file_type,
        size,
        digest: hasher.finalize().into(),
    }))
}

/// A file's bytes, piece by piece.
fn body(file: File) -> ByteStream {
    ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 << 10)
        .map(|piece: std::io::Result<Bytes>| {
            piece.map_err(|error| {
                tracing::warn!(%error, "a part could not be read");
                storage::Error::Source(domain::Error::unavailable("temporary directory"))
            })
        })
        .boxed()
}

/// What the owner should know of what was left out.
fn sentence(left_out: &[LeftOut], count: u32) -> Option<String> {
    let count = usize::try_from(count)
        .unwrap_or(usize::MAX)
        .max(left_out.len());
    if count == 0 {
        return None;
    }
    let named: Vec<String> = left_out
        .iter()
        .take(NAMED)
        .map(|one| format!("{} ({})", one.path, one.reason))
        .collect();
    let more = count - named.len();
    let mut text = format!("Left out: {}", named.join(", "));
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text.push('.');
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &str) -> LeftOut {
        LeftOut {
            path: path.to_owned(),
            reason: "it is empty".to_owned(),
        }
    }

    #[test]
    fn what_is_left_out_is_told_in_one_sentence() {
        assert_eq!(sentence(&[], 0), None);
        assert_eq!(
            sentence(&[one("a.txt")], 1).as_deref(),
            Some("Left out: a.txt (it is empty).")
        );
        let many: Vec<LeftOut> = (0..20).map(|n| one(&n.to_string())).collect();
        let told = sentence(&many, 900).unwrap_or_default();
        assert!(told.contains("4 (it is empty) and 895 more."), "{told}");
        assert!(!told.contains("5 (it"), "{told}");
    }
}
