//! One object: kept where the folder holds it whole, else fetched.

use crate::{
    Error,
    export::Source,
    folder::{Draft, Folder},
    meter::Sum,
    objects::{Line, Wanted},
};
use database::Database;
use futures::TryStreamExt;
use secrecy::ExposeSecret;
use std::path::Path;
use storage::StorageBackend;

/// Copies objects out of the store.
pub(super) struct Copying<'a> {
    storage: &'a dyn StorageBackend,
    folder: &'a Folder,
    /// As it is now, not as it was at the export's moment.
    database: Database,
}

impl<'a> Copying<'a> {
    pub(super) fn new(source: &'a Source<'_>, folder: &'a Folder) -> Result<Self, Error> {
        Ok(Self {
            storage: source.storage.as_ref(),
            folder,
            database: Database::connect_lazily(source.database_url.expose_secret(), 1)?,
        })
    }

    /// Brings an object into the folder; says what became of it, and whether it had to be fetched.
    /// `before` is what an earlier export of the same object says.
    pub(super) async fn one(
        &self,
        wanted: Wanted,
        before: Option<Sum>,
    ) -> Result<(Line, bool), Error> {
        let Wanted {
            key,
            content_type,
            right,
        } = wanted;
        let Some(place) = self.folder.object(&key) else {
            let why = "Its key is not one that a vault makes.".to_owned();
            return Ok((Line::Lost { key, why }, false));
        };
        if let Some(file) = right.or(before)
            && self.folder.check(&place, &file).await.is_ok()
        {
            let held = Line::Held {
                key,
                content_type,
                file,
            };
            return Ok((held, false));
        }
        let why = match self.fetch(&key, right, &place).await? {
            Ok(file) => {
                let held = Line::Held {
                    key,
                    content_type,
                    file,
                };
                return Ok((held, true));
            }
            Err(why) => why,
        };
        // A document that was deleted meanwhile takes its objects along: nothing is wrong with that.
        let orphans = self
            .database
            .orphans_among(std::slice::from_ref(&key))
            .await?;
        Ok(match orphans.is_empty() {
            true => (Line::Lost { key, why }, false),
            false => (Line::Gone { key }, false),
        })
    }

    /// What was fetched, or what is wrong with the object. That the store is away is an error.
    async fn fetch(
        &self,
        key: &str,
        right: Option<Sum>,
        place: &Path,
    ) -> Result<Result<Sum, String>, Error> {
        let mut tried = self.fetch_once(key).await;
        if matches!(
            tried,
            Err(Error::Storage(
                storage::Error::Unavailable(_) | storage::Error::Refused(_)
            ))
        ) {
            // Away for a moment, or unable to give this one: the second try tells them apart.
            self.storage.health().await?;
            tried = self.fetch_once(key).await;
        }
        let draft = match tried {
            Ok(draft) => draft,
            Err(Error::Storage(storage::Error::NotFound)) => {
                return Ok(Err("It is not in the store.".to_owned()));
            }
            Err(Error::Storage(_)) => {
                self.storage.health().await?;
                return Ok(Err("The store can't give it whole.".to_owned()));
            }
            Err(error) => return Err(error),
        };
        if let Some(wrong) = wrong(draft.meter().sum(), right) {
            return Ok(Err(wrong));
        }
        Ok(Ok(draft.put(place).await?))
    }

    async fn fetch_once(&self, key: &str) -> Result<Draft, Error> {
        let mut body = self.storage.get(key, None).await?;
        let mut draft = self.folder.draft().await?;
        while let Some(piece) = body.try_next().await? {
            draft.write(&piece).await?;
        }
        Ok(draft)
    }
}

/// What is wrong with bytes that should be those; nothing can be said where nobody knows.
fn wrong(fetched: Sum, right: Option<Sum>) -> Option<String> {
    let right = right.filter(|right| *right != fetched)?;
    Some(if right.bytes == fetched.bytes {
        "Its bytes are not those that were uploaded.".to_owned()
    } else {
        format!("It has {} bytes instead of {}.", fetched.bytes, right.bytes)
    })
}
