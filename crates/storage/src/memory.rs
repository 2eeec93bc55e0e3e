//! A backend in this process's memory: the twin that tests use.

use crate::{ByteStream, Entry, Error, Listing, Presigned, StorageBackend};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream};
use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Mutex, PoisonError},
};
use time::OffsetDateTime;

/// Objects in memory.
#[derive(Debug, Default)]
pub struct MemoryStorage {
    objects: Mutex<BTreeMap<String, Bytes>>,
}

impl MemoryStorage {
    fn objects(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Bytes>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl StorageBackend for MemoryStorage {
    async fn put(
        &self,
        key: &str,
        _content_type: &str,
        mut body: ByteStream,
    ) -> Result<u64, Error> {
        let mut whole = BytesMut::new();
        while let Some(piece) = body.try_next().await? {
            whole.extend_from_slice(&piece);
        }
        let size = whole.len() as u64;
        self.objects().insert(key.to_owned(), whole.freeze());
        Ok(size)
    }

    async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<ByteStream, Error> {
        let whole = self.objects().get(key).cloned().ok_or(Error::NotFound)?;
        let part = match range {
            None => whole,
            Some(range) => {
                let clamp = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(whole.len());
                let start = clamp(range.start);
                whole.slice(start..clamp(range.end).max(start))
            }
        };
        Ok(stream::once(async { Ok(part) }).boxed())
    }

    async fn delete(&self, key: &str) -> Result<(), Error> {
        self.objects().remove(key);
        Ok(())
    }

    async fn presigned_get(
        &self,
        _key: &str,
        _answer: &Presigned,
    ) -> Result<Option<String>, Error> {
        Ok(None)
    }

    async fn list(&self, _after: Option<String>) -> Result<Listing, Error> {
        let entries = self
            .objects()
            .keys()
            .map(|key| Entry {
                key: key.clone(),
                stored_at: OffsetDateTime::UNIX_EPOCH,
            })
            .collect();
        Ok(Listing {
            entries,
            next: None,
        })
    }

    /// Here nothing is stored in parts.
    async fn abort_unfinished(&self, _before: OffsetDateTime) -> Result<usize, Error> {
        Ok(0)
    }

    async fn health(&self) -> Result<(), Error> {
        Ok(())
    }
}
