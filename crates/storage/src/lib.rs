//! Where the bytes are kept: one trait, a factory, one file per backend (CLOUD-07).
//!
//! Keys are opaque and made by us; no backend ever sees a name that a person gave.

mod memory;
mod minio;

pub use memory::MemoryStorage;
pub use minio::{MinioConfig, MinioStorage};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use std::{ops::Range, sync::Arc, time::Duration};
use thiserror::Error as ThisError;
use time::OffsetDateTime;

/// Bytes on their way, in pieces of any size.
pub type ByteStream = BoxStream<'static, Result<Bytes, Error>>;

/// A storage error.
#[derive(Debug, ThisError)]
pub enum Error {
    /// There is no such object.
    #[error("there is no such object")]
    NotFound,
    /// The store can't be reached, or gave no answer in time.
    #[error("the object store can't be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store answered that it will not.
    #[error("the object store refused")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The bytes to be stored stopped coming; nothing was stored.
    #[error("the bytes stopped coming")]
    Source(#[source] domain::Error),
}

/// One object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// When it was stored.
    pub stored_at: OffsetDateTime,
}

/// One page of a listing.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The objects, by key.
    pub entries: Vec<Entry>,
    /// What to hand over for the next page; `None` on the last.
    pub next: Option<String>,
}

/// What a store shall answer to whoever comes with a presigned URL.
#[derive(Clone, Debug)]
pub struct Presigned {
    /// How long the URL works.
    pub lifetime: Duration,
    /// The answer's `Content-Type`.
    pub content_type: String,
    /// The answer's `Content-Disposition`.
    pub content_disposition: String,
}

/// A place that keeps bytes under keys. Everything streams; nothing holds a whole file.
#[async_trait]
pub trait StorageBackend: Send + Sync {
    /// Stores what `body` gives, as one object that appears whole or not at all. Gives its size in bytes.
    ///
    /// # Errors
    /// `Source` when `body` ends in an error; otherwise as the store answers.
    async fn put(&self, key: &str, content_type: &str, body: ByteStream) -> Result<u64, Error>;

    /// The object's bytes, or those of a range of it (end exclusive).
    ///
    /// # Errors
    /// `NotFound` when there is no such object.
    async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<ByteStream, Error>;

    /// Removes the object. Removing what is not there is no error.
    ///
    /// # Errors
    /// When the store can't be reached or refuses.
    async fn delete(&self, key: &str) -> Result<(), Error>;

    /// A URL under which anybody may read the object for a while; `None` where the backend has no such
    /// thing, or nobody but us can reach it.
    ///
    /// # Errors
    /// When it can't be signed.
    async fn presigned_get(&self, key: &str, answer: &Presigned) -> Result<Option<String>, Error>;

    /// One page of all objects.
    ///
    /// # Errors
    /// When the store can't be reached or refuses.
    async fn list(&self, after: Option<String>) -> Result<Listing, Error>;

    /// Ends uploads in parts that were begun before then and came to no end: their server was killed, or
    /// the store was away when they broke off. Nobody sees the parts, but they take room. Gives how many.
    ///
    /// # Errors
    /// When the store can't be reached or refuses.
    async fn abort_unfinished(&self, before: OffsetDateTime) -> Result<usize, Error>;

    /// Whether the store answers and lets us in.
    ///
    /// # Errors
    /// When it does not.
    async fn health(&self) -> Result<(), Error>;
}

/// A backend to build.
#[derive(Clone, Debug)]
pub enum Config {
    /// An S3-compatible server.
    Minio(MinioConfig),
    /// This process's memory; for tests.
    Memory,
}

/// Builds the backend that the configuration names.
///
/// # Errors
/// When the configuration makes no sense.
pub fn build(config: Config) -> Result<Arc<dyn StorageBackend>, Error> {
    Ok(match config {
        Config::Minio(config) => Arc::new(MinioStorage::new(config)?),
        Config::Memory => Arc::new(MemoryStorage::default()),
    })
}
