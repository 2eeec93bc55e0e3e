//! The look whether every document's bytes are in the store and whole.
//!
//! The worker goes through rows and store now and then, step by step, each of which is written down: what
//! is interrupted goes on where it was. Whatever the vault's size, a step holds one page of rows and one
//! piece of a file.

mod objects;

use crate::{Services, fault, sweeping::old_enough};
use database::{HeldScrub, ScrubProgress, ToScrub};
use domain::{
    AuditEvent, Caller, Error, Finding, FindingKind, Scrub,
    policy::{Action, authorise},
};
use objects::Wrong;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many documents a step looks at, at most.
const STEP_DOCUMENTS: i64 = 50;

/// After how many bytes a step ends.
const STEP_BYTES: i64 = 64 * 1024 * 1024;

/// How long a scrub stays its holder's without a word: longer than any one file takes.
const LEASE: Duration = Duration::from_secs(15 * 60);

/// How many findings a page shows.
const SHOWN: i64 = 100;

/// The use cases of scrubbing.
pub struct Scrubbing<'a> {
    pub(crate) services: &'a Services,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScrubStep {
    /// Nothing is to be done.
    Idle,
    /// So many bytes were read, and there is more.
    More {
        /// How many.
        bytes: u64,
    },
    /// The scrub came to its end.
    Finished,
}

impl Scrubbing<'_> {
    /// The last scrub, and what it found.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins.
    pub async fn report(&self, caller: &Caller) -> Result<wire::ScrubReport, Error> {
        authorise(caller, Action::CheckStore)?;
        let database = &self.services.parts.database;
        let Some(scrub) = database.scrub(None).await.map_err(fault::of_database)? else {
            return Ok(wire::ScrubReport::default());
        };
        let findings = database
            .scrub_findings(scrub.id, SHOWN, 0)
            .await
            .map_err(fault::of_database)?;
        Ok(wire::ScrubReport::new(scrub, findings))
    }

    /// Has a scrub begin, which a worker then carries out. One that is under way goes on.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins.
    pub async fn request(&self, caller: &Caller) -> Result<wire::ScrubReport, Error> {
        authorise(caller, Action::CheckStore)?;
        self.begin(caller, Duration::ZERO).await?;
        self.report(caller).await
    }

    /// Begins a scrub if the last one began longer ago than that.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn begin_if_due(&self, caller: &Caller, every: Duration) -> Result<bool, Error> {
        authorise(caller, Action::WorkJobs)?;
        let due = self.services.parts.database.scrub_is_due(every).await;
        if !due.map_err(fault::of_database)? {
            return Ok(false);
        }
        self.begin(caller, every).await
    }

    async fn begin(&self, caller: &Caller, within: Duration) -> Result<bool, Error> {
        let id = Uuid::now_v7();
        let mut work = self.services.begin().await?;
        let begun = work
            .begin_scrub(id, within)
            .await
            .map_err(fault::of_database)?;
        if begun {
            let entry = caller.did(AuditEvent::ScrubRequested, id);
            work.audit(&entry).await.map_err(fault::of_database)?;
        }
        work.commit().await.map_err(fault::of_database)?;
        Ok(begun)
    }

    /// Goes on with the scrub that is under way, for one step.
    ///
    /// # Errors
    /// When a part can't be reached; the next step begins where this one did.
    pub async fn step(&self, caller: &Caller, now: OffsetDateTime) -> Result<ScrubStep, Error> {
        authorise(caller, Action::WorkJobs)?;
        let database = &self.services.parts.database;
        let Some(held) = database
            .hold_scrub(LEASE)
            .await
            .map_err(fault::of_database)?
        else {
            return Ok(ScrubStep::Idle);
        };
        let stepped = self.go_on(&held, now).await;
        let progress = *stepped.as_ref().unwrap_or(&ScrubProgress::default());
        let mine = database
            .scrub_progress(&held, &progress, None)
            .await
            .map_err(fault::of_database)?;
        Ok(match stepped? {
            _ if !mine => ScrubStep::Idle,
            ScrubProgress { finished: true, .. } => ScrubStep::Finished,
            ScrubProgress { bytes, .. } => ScrubStep::More {
                bytes: bytes.unsigned_abs(),
            },
        })
    }

    /// A whole scrub, at once and as fast as it goes; gives every finding to `found`.
    ///
    /// # Errors
    /// When a part can't be reached; a worker then goes on with it.
    pub async fn whole(
        &self,
        caller: &Caller,
        now: OffsetDateTime,
        mut found: impl FnMut(&Finding) + Send,
    ) -> Result<Scrub, Error> {
        authorise(caller, Action::WorkJobs)?;
        let id = Uuid::now_v7();
        let mut work = self.services.begin().await?;
        let mut held = work
            .begin_own_scrub(id, LEASE)
            .await
            .map_err(fault::of_database)?;
        let entry = caller.did(AuditEvent::ScrubRequested, id);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        loop {
            let progress = self.go_on(&held, now).await?;
            self.keep(&held, &progress).await?;
            if progress.finished {
                break;
            }
            held.after = progress.after;
        }
        self.every_finding(id, &mut found).await?;
        let scrub = self.services.parts.database.scrub(Some(id)).await;
        scrub
            .map_err(fault::of_database)?
            .ok_or_else(Error::internal)
    }

    async fn every_finding(
        &self,
        id: Uuid,
        found: &mut (impl FnMut(&Finding) + Send),
    ) -> Result<(), Error> {
        let database = &self.services.parts.database;
        let mut offset = 0;
        loop {
            let page = database
                .scrub_findings(id, SHOWN, offset)
                .await
                .map_err(fault::of_database)?;
            page.iter().for_each(&mut *found);
            offset += SHOWN;
            if page.is_empty() {
                return Ok(());
            }
        }
    }

    /// Writes progress down and keeps the scrub.
    async fn keep(&self, held: &HeldScrub, progress: &ScrubProgress) -> Result<(), Error> {
        let database = &self.services.parts.database;
        let mine = database.scrub_progress(held, progress, Some(LEASE)).await;
        match mine.map_err(fault::of_database)? {
            true => Ok(()),
            false => Err(Error::internal()),
        }
    }

    /// Looks at the next documents; after the last of them, through the store.
    async fn go_on(&self, held: &HeldScrub, now: OffsetDateTime) -> Result<ScrubProgress, Error> {
        let database = &self.services.parts.database;
        let documents = database
            .documents_to_scrub(held.after, STEP_DOCUMENTS)
            .await
            .map_err(fault::of_database)?;
        if documents.is_empty() {
            return self.look_for_orphans(held, now).await;
        }
        let mut progress = ScrubProgress::default();
        for document in documents {
            progress.bytes += self.look_at(held, &document).await?;
            progress.documents += 1;
            progress.after = Some(document.id);
            if progress.bytes >= STEP_BYTES {
                break;
            }
        }
        Ok(progress)
    }

    /// Looks at a document's objects; gives how many bytes it read.
    async fn look_at(&self, held: &HeldScrub, document: &ToScrub) -> Result<i64, Error> {
        let storage = self.services.parts.storage.as_ref();
        let (mut read, wrong) = objects::file(storage, document).await?;
        self.note(held, document, &document.object_key, false, wrong)
            .await?;
        if let Some(key) = &document.thumbnail_key {
            let (size, wrong) = objects::picture(storage, key).await?;
            read += size;
            self.note(held, document, key, true, wrong).await?;
        }
        Ok(read)
    }

    async fn note(
        &self,
        held: &HeldScrub,
        document: &ToScrub,
        key: &str,
        picture: bool,
        wrong: Option<Wrong>,
    ) -> Result<(), Error> {
        let Some(wrong) = wrong else {
            return Ok(());
        };
        tracing::error!(document = %document.id, key, "the store is not as it should be: {}", wrong.detail);
        let finding = Finding {
            kind: wrong.kind,
            object_key: key.to_owned(),
            document: Some(document.id),
            picture,
            detail: wrong.detail,
            owner: None,
        };
        self.write(held, &finding).await
    }

    async fn write(&self, held: &HeldScrub, finding: &Finding) -> Result<(), Error> {
        let database = &self.services.parts.database;
        database
            .note_finding(held, finding)
            .await
            .map_err(fault::of_database)
    }

    /// Objects that no row names, other than those that were stored so lately that their row may come.
    async fn look_for_orphans(
        &self,
        held: &HeldScrub,
        now: OffsetDateTime,
    ) -> Result<ScrubProgress, Error> {
        let parts = &self.services.parts;
        let mut after = None;
        let mut objects = 0;
        loop {
            let page = parts.storage.list(after).await.map_err(fault::of_storage)?;
            objects += i64::try_from(page.entries.len()).unwrap_or(i64::MAX);
            let old = old_enough(page.entries, now);
            let orphans = parts.database.orphans_among(&old).await;
            for object_key in orphans.map_err(fault::of_database)? {
                let finding = Finding {
                    kind: FindingKind::Orphaned,
                    object_key,
                    document: None,
                    picture: false,
                    detail: "No document names this object.".to_owned(),
                    owner: None,
                };
                self.write(held, &finding).await?;
            }
            after = page.next;
            if after.is_none() {
                return Ok(ScrubProgress {
                    objects,
                    finished: true,
                    ..ScrubProgress::default()
                });
            }
            self.keep(held, &ScrubProgress::default()).await?;
        }
    }
}
