//! The writing of a job's results. Each is one transaction that makes sure that the job is still
//! this worker's; whoever lost it leaves nothing behind.

use super::{Stop, THUMBNAIL_TYPE};
use crate::Services;
use database::{JobOutcome, MachineTopic, Reading, ToProcess, UnitOfWork};
use domain::{DocumentStatus, Job, ProviderName, Stage};
use extraction::Extracted;
use futures::{StreamExt, stream};
use uuid::Uuid;

/// What a document says of which only a part was read.
const ONLY_A_PART: &str =
    "Only the first part of this file was read, as it is very long. The file itself is kept whole.";

/// A job in this worker's hands, with its document.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) services: Services,
    pub(super) job: Job,
    pub(super) document: ToProcess,
}

impl Held {
    /// The reading stage has begun.
    pub(super) async fn begin_reading(&self) -> Result<(), Stop> {
        let database = &self.services.parts.database;
        database.begin_reading(&self.job).await?;
        self.announce(DocumentStatus::Processing, Some(Stage::Reading));
        Ok(())
    }

    /// Stores the thumbnail and writes what was read; whether filing comes next.
    ///
    /// Runs to its end even when the job is taken away meanwhile: a thumbnail whose row is not
    /// written is removed again.
    pub(super) async fn store_reading(
        &self,
        extracted: Extracted,
        left_out: Option<String>,
    ) -> Result<bool, Stop> {
        let held = self.clone();
        self.services
            .tasks
            .spawn(async move { held.write_reading(extracted, left_out).await })
            .await
            .unwrap_or_else(|error| Err(Stop::Retry(error.to_string())))
    }

    async fn write_reading(
        &self,
        extracted: Extracted,
        left_out: Option<String>,
    ) -> Result<bool, Stop> {
        let thumbnail_key = extracted.thumbnail.as_ref().map(|_| self.thumbnail_key());
        let reading = Reading {
            page_count: i32::try_from(extracted.page_count).unwrap_or(i32::MAX),
            pages: extracted.pages,
            thumbnail_key: thumbnail_key.clone(),
            note: note(&[
                extracted.truncated.then(|| ONLY_A_PART.to_owned()),
                unread(extracted.unread, extracted.page_count),
                left_out,
            ]),
        };
        let written = self.try_reading(&reading, extracted.thumbnail).await;
        if let (Err(stop), Some(key)) = (&written, &thumbnail_key) {
            let unknown = matches!(stop, Stop::Postpone(_));
            self.services.discard_unless_written(key, unknown).await;
        }
        written
    }

    async fn try_reading(
        &self,
        reading: &Reading,
        thumbnail: Option<Vec<u8>>,
    ) -> Result<bool, Stop> {
        if let (Some(key), Some(picture)) = (&reading.thumbnail_key, thumbnail) {
            let body = stream::once(async { Ok(picture.into()) }).boxed();
            let storage = &self.services.parts.storage;
            storage.put(key, THUMBNAIL_TYPE.media_type(), body).await?;
        }
        let mut work = self.services.parts.database.begin().await?;
        // As it is under the lock: somebody may have wanted filing meanwhile.
        let filing_next = work.write_reading(&self.job, reading).await?;
        if filing_next {
            work.commit().await?;
            self.announce(DocumentStatus::Processing, Some(Stage::Filing));
        } else {
            self.end(work, DocumentStatus::Ready).await?;
        }
        Ok(filing_next)
    }

    /// D-06.
    fn thumbnail_key(&self) -> String {
        format!(
            "{}/{}/{}{}",
            self.document.owner,
            self.job.document_id,
            Uuid::new_v4(),
            THUMBNAIL_TYPE.key_extension()
        )
    }

    /// Writes the machine's topics, which ends the job.
    pub(super) async fn write_filing(
        &self,
        provider: ProviderName,
        topics: &[MachineTopic],
        note: Option<&str>,
    ) -> Result<(), Stop> {
        let mut work = self.begin().await?;
        work.write_filing(&self.job, provider.as_str(), topics, note)
            .await?;
        self.end(work, DocumentStatus::Ready).await
    }

    /// Filing did not work, which is not fatal: the document is kept, its error is shown, and it can
    /// be classified again.
    pub(super) async fn write_unfiled(&self, sentence: &str) -> Result<(), Stop> {
        let mut work = self.begin().await?;
        work.mark_ready(&self.job, Some(sentence)).await?;
        self.end(work, DocumentStatus::Ready).await
    }

    /// The file can't be read, now or ever.
    pub(super) async fn fail(&self, sentence: &str) -> Result<(), Stop> {
        let mut work = self.begin().await?;
        work.mark_failed(&self.job, sentence).await?;
        self.end(work, DocumentStatus::Failed).await
    }

    async fn end(&self, mut work: UnitOfWork, status: DocumentStatus) -> Result<(), Stop> {
        work.end_job(&self.job, &JobOutcome::Done).await?;
        work.commit().await?;
        self.announce(status, None);
        Ok(())
    }

    /// A unit of work in which the job is surely this worker's.
    pub(super) async fn begin(&self) -> Result<UnitOfWork, Stop> {
        let mut work = self.services.parts.database.begin().await?;
        work.hold_lease(&self.job).await?;
        Ok(work)
    }

    fn announce(&self, status: DocumentStatus, stage: Option<Stage>) {
        self.services.announce(
            self.document.owner,
            self.job.document_id,
            status.as_str(),
            stage,
        );
    }
}

/// What a document says of pages that are missing in its text.
fn unread(pages: u32, of: u32) -> Option<String> {
    let which = match (pages, of) {
        (0, _) => return None,
        (_, 0 | 1) => "The page".to_owned(),
        (1, of) => format!("1 of {of} pages"),
        (pages, of) => format!("{} of {of} pages", pages.min(of)),
    };
    Some(format!(
        "{which} could not be read, or not in the time that one file is given. The file itself is kept whole."
    ))
}

/// What the owner should know of the reading.
fn note(sentences: &[Option<String>]) -> Option<String> {
    let sentences: Vec<&str> = sentences.iter().flatten().map(String::as_str).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_in_sentences() {
        assert_eq!(note(&[None, unread(0, 9), None]), None);
        let told = note(&[None, unread(3, 9), Some("Left out: a.".to_owned())]);
        let expected = "3 of 9 pages could not be read, or not in the time that one file is given. The file itself is kept whole. Left out: a.";
        assert_eq!(told.as_deref(), Some(expected));
        assert!(unread(1, 1).is_some_and(|said| said.starts_with("The page could not")));
        assert!(unread(7, 2).is_some_and(|said| said.starts_with("2 of 2 pages")));
    }
}
