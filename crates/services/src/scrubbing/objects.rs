//! What is wrong with an object: it is read to its end and compared with its row.

use crate::fault;
use database::ToScrub;
use domain::{Error, FindingKind};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use storage::StorageBackend;

/// What is wrong with one object of a document.
pub(super) struct Wrong {
    pub(super) kind: FindingKind,
    pub(super) detail: String,
}

/// How many bytes a document's file has in the store, and what is wrong with them.
pub(super) async fn file(
    storage: &dyn StorageBackend,
    document: &ToScrub,
) -> Result<(i64, Option<Wrong>), Error> {
    let (size, digest) = match read(storage, &document.object_key).await? {
        Ok(read) => read,
        Err(wrong) => return Ok((0, Some(wrong))),
    };
    let damaged = |detail| {
        Some(Wrong {
            kind: FindingKind::Damaged,
            detail,
        })
    };
    let wrong = if size != document.size_bytes {
        let expected = document.size_bytes;
        damaged(format!("It has {size} bytes instead of {expected}."))
    } else if document.sha256.is_some_and(|expected| expected != digest) {
        damaged("Its bytes are not those that were uploaded.".to_owned())
    } else {
        None
    };
    Ok((size, wrong))
}

/// The same for a picture, of which no digest is kept.
pub(super) async fn picture(
    storage: &dyn StorageBackend,
    key: &str,
) -> Result<(i64, Option<Wrong>), Error> {
    Ok(match read(storage, key).await? {
        Ok((0, _)) => {
            let detail = "The picture is empty.".to_owned();
            let kind = FindingKind::Damaged;
            (0, Some(Wrong { kind, detail }))
        }
        Ok((size, _)) => (size, None),
        Err(wrong) => (0, Some(wrong)),
    })
}

/// An object's size and digest, or why it has none. That the store is away is no finding.
async fn read(
    storage: &dyn StorageBackend,
    key: &str,
) -> Result<Result<(i64, domain::Sha256), Wrong>, Error> {
    match read_once(storage, key).await {
        Ok(read) => return Ok(Ok(read)),
        Err(storage::Error::NotFound) => {
            return Ok(Err(Wrong {
                kind: FindingKind::Missing,
                detail: "It is not in the store.".to_owned(),
            }));
        }
        // Away for a moment, or unable to give this one: the second try tells them apart.
        Err(_) => storage.health().await.map_err(fault::of_storage)?,
    }
    match read_once(storage, key).await {
        Ok(read) => Ok(Ok(read)),
        Err(error) => {
            storage.health().await.map_err(fault::of_storage)?;
            tracing::warn!(%error, key, "an object can't be read to its end");
            Ok(Err(Wrong {
                kind: FindingKind::Damaged,
                detail: "The store can't give it whole.".to_owned(),
            }))
        }
    }
}

async fn read_once(
    storage: &dyn StorageBackend,
    key: &str,
) -> Result<(i64, domain::Sha256), storage::Error> {
    let mut body = storage.get(key, None).await?;
    let (mut size, mut hasher) = (0_i64, Sha256::new());
    while let Some(piece) = body.try_next().await? {
        size += i64::try_from(piece.len()).unwrap_or(i64::MAX);
        hasher.update(&piece);
    }
    Ok((size, domain::Sha256(hasher.finalize().into())))
}
