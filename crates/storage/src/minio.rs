//! MinIO and every other S3-compatible server: PUT, GET, ranges, multipart, presign, list, delete, nothing else.
//!
//! Objects up to one part are stored by a single PUT, larger ones by a multipart upload that is
//! aborted when the bytes stop coming, so that an object appears whole or not at all.

mod pieces;
mod unfinished;

use crate::{ByteStream, Entry, Error, Listing, Presigned, StorageBackend};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use pieces::{PART_BYTES, Piece, Pieces, Places};
use s3::{Bucket, Region, creds::Credentials, error::S3Error, serde_types::Part};
use std::{collections::HashMap, ops::Range, time::Duration};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio_util::io::ReaderStream;

/// How long one request (one part) may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// How long the probe may take.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(3);

/// How to reach an S3-compatible server.
#[derive(Clone)]
pub struct MinioConfig {
    /// `http://host:port`.
    pub endpoint: String,
    /// Where people's browsers reach the same server; `None` when they can't.
    pub public_endpoint: Option<String>,
    /// The region that signatures name.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// A key that may touch that bucket only (D-15).
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
}

impl std::fmt::Debug for MinioConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MinioConfig")
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// A bucket on an S3-compatible server.
pub struct MinioStorage {
    bucket: Box<Bucket>,
    /// The same bucket at the address that browsers use: signatures cover the host's name.
    public: Option<Box<Bucket>>,
    places: Places,
}

impl MinioStorage {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// When the configuration makes no sense.
    pub fn new(config: MinioConfig) -> Result<Self, Error> {
        let credentials = Credentials::new(
            Some(&config.access_key),
            Some(&config.secret_key),
            None,
            None,
            None,
        )
        .map_err(|error| Error::Refused(Box::new(error)))?;
        let bucket_at = |endpoint: &str| {
            let region = Region::Custom {
                region: config.region.clone(),
                endpoint: endpoint.to_owned(),
            };
            Bucket::new(&config.bucket, region, credentials.clone())?
                .with_path_style()
                .with_request_timeout(REQUEST_TIMEOUT)
        };
        Ok(Self {
            bucket: bucket_at(&config.endpoint)?,
            public: config
                .public_endpoint
                .as_deref()
                .map(bucket_at)
                .transpose()?,
            places: Places::new(),
        })
    }

    async fn put_parts(
        &self,
        key: &str,
        upload: &str,
        content_type: &str,
        first: Piece,
        body: &mut Pieces,
    ) -> Result<(u64, Vec<Part>), Error> {
        let mut parts = Vec::new();
        let mut size = 0;
        let mut piece = first;
        while !piece.bytes.is_empty() {
            size += piece.bytes.len() as u64;
            let number = u32::try_from(parts.len() + 1).unwrap_or(u32::MAX);
            let part = self
                .bucket
                .put_multipart_chunk(piece.bytes, key, number, upload, content_type)
                .await?;
            parts.push(part);
            drop(piece.place);
            piece = body.next().await?;
        }
        Ok((size, parts))
    }

    async fn put_large(
        &self,
        key: &str,
        content_type: &str,
        first: Piece,
        mut body: Pieces,
    ) -> Result<u64, Error> {
        let upload = self
            .bucket
            .initiate_multipart_upload(key, content_type)
            .await?
            .upload_id;
        let stored = match self
            .put_parts(key, &upload, content_type, first, &mut body)
            .await
        {
            Ok((size, parts)) => self
                .bucket
                .complete_multipart_upload(key, &upload, parts)
                .await
                .map(|_| size)
                .map_err(Error::from),
            Err(error) => Err(error),
        };
        if stored.is_err()
            && let Err(error) = self.bucket.abort_upload(key, &upload).await
        {
            tracing::warn!(%error, "a broken multipart upload could not be aborted");
        }
        stored
    }
}

#[async_trait]
impl StorageBackend for MinioStorage {
    async fn put(&self, key: &str, content_type: &str, body: ByteStream) -> Result<u64, Error> {
        let mut pieces = self.places.cut(body);
        let first = pieces.next().await?;
        if first.bytes.len() == PART_BYTES {
            return self.put_large(key, content_type, first, pieces).await;
        }
        self.bucket
            .put_object_with_content_type(key, &first.bytes, content_type)
            .await?;
        Ok(first.bytes.len() as u64)
    }

    async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<ByteStream, Error> {
        let Some(range) = range else {
            let stream = self.bucket.get_object_stream(key).await?;
            return Ok(stream.bytes.map_err(Error::from).boxed());
        };
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        // rust-s3 gives ranges to a writer only: a pipe turns that into a stream.
        let (mut write, read) = tokio::io::duplex(64 * 1024);
        let (bucket, key) = (self.bucket.clone(), key.to_owned());
        tokio::spawn(async move {
            let last = range.end.saturating_sub(1);
            if let Err(error) = bucket
                .get_object_range_to_writer(key, range.start, Some(last), &mut write)
                .await
            {
                tracing::warn!(%error, "a range of an object could not be read to its end");
            }
        });
        Ok(ReaderStream::new(read)
            .map_err(|error| Error::Unavailable(Box::new(error)))
            .boxed())
    }

    async fn delete(&self, key: &str) -> Result<(), Error> {
        match self.bucket.delete_object(key).await.map_err(Error::from) {
            Ok(_) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn presigned_get(&self, key: &str, answer: &Presigned) -> Result<Option<String>, Error> {
        let Some(bucket) = &self.public else {
            return Ok(None);
        };
        let seconds = u32::try_from(answer.lifetime.as_secs()).unwrap_or(u32::MAX);
        let overrides = HashMap::from([
            (
                "response-content-type".to_owned(),
                answer.content_type.clone(),
            ),
            (
                "response-content-disposition".to_owned(),
                answer.content_disposition.clone(),
            ),
        ]);
        let url = bucket.presign_get(key, seconds, Some(overrides)).await?;
        Ok(Some(url))
    }

    async fn list(&self, after: Option<String>) -> Result<Listing, Error> {
        let (page, _) = self
            .bucket
            .list_page(String::new(), None, after, None, Some(1_000))
            .await?;
        let entries = page
            .contents
            .into_iter()
            .map(|object| Entry {
                stored_at: moment(&object.last_modified),
                key: object.key,
            })
            .collect();
        Ok(Listing {
            entries,
            next: page.next_continuation_token,
        })
    }

    async fn abort_unfinished(&self, before: OffsetDateTime) -> Result<usize, Error> {
        unfinished::abort(&self.bucket, before).await
    }

    async fn health(&self) -> Result<(), Error> {
        let probe = self
            .bucket
            .list_page("health/".to_owned(), None, None, None, Some(1));
        match tokio::time::timeout(HEALTH_TIMEOUT, probe).await {
            Ok(answer) => answer.map(drop).map_err(Error::from),
            Err(late) => Err(Error::Unavailable(Box::new(late))),
        }
    }
}

/// A date of the store's. One that can't be read counts as new: nothing is swept on a guess.
fn moment(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX)))
}

impl From<S3Error> for Error {
    fn from(error: S3Error) -> Self {
        match &error {
            S3Error::HttpFailWithBody(404, _) => Self::NotFound,
            // It does not know what was asked, and will not tomorrow.
            S3Error::HttpFailWithBody(501, _) => Self::Refused(Box::new(error)),
            S3Error::HttpFailWithBody(500..=599, _) | S3Error::Reqwest(_) | S3Error::Io(_) => {
                Self::Unavailable(Box::new(error))
            }
            _ => Self::Refused(Box::new(error)),
        }
    }
}
