//! The face of this crate towards the worker.

use crate::{Failure, LeftOut, Limits, Parts, Walls, run, scratch};
use domain::{FileName, FileType};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Runs the sandboxed child, one for each file.
#[derive(Clone, Debug)]
pub struct Extractor {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<String>,
    pub(crate) limits: Limits,
    turns: Arc<Semaphore>,
}

/// One of the turns in which files are read; the next begins when this is dropped.
#[derive(Debug)]
pub struct Turn {
    /// None only of turns that nobody counts any more, and nobody ends the counting.
    _permit: Option<OwnedSemaphorePermit>,
}

/// What is known about a file before it is read.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The type that [`crate::sniff()`] found when the file came in.
    pub file_type: FileType,
    /// The name its owner gave it.
    pub file_name: FileName,
}

/// What was found in a file.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// The text of each page; at least one entry. A page without text is an empty string.
    pub pages: Vec<String>,
    /// How many pages the document has, also those that were not read.
    pub page_count: u32,
    /// The first page as a JPEG of at most 480 pixels on its longer side.
    pub thumbnail: Option<Vec<u8>>,
    /// Whether text is missing because the document is longer than the limits.
    pub truncated: bool,
    /// Pages whose text is missing because they could not be read, or not in time.
    pub unread: u32,
    /// The files that were in it, when it is an archive or an e-mail.
    pub parts: Parts,
    /// Files in it that were not taken out; the first of them, with the reasons.
    pub left_out: Vec<LeftOut>,
    /// How many were not taken out in all.
    pub left_out_count: u32,
    /// What the kernel kept the reader from.
    pub walls: Walls,
}

impl Extractor {
    /// An extractor that runs `program` with `args`; it must end up in [`crate::child_main`].
    ///
    /// `program` is an absolute path, because the child starts in its scratch directory.
    ///
    /// Temporary directories that killed workers left on this machine are removed now.
    pub fn new(program: PathBuf, args: Vec<String>, limits: Limits) -> Self {
        scratch::sweep();
        Self {
            program,
            args,
            limits,
            turns: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
        }
    }

    /// The same extractor, which gives so many turns at once.
    #[must_use]
    pub fn at_once(self, most: usize) -> Self {
        let turns = Arc::new(Semaphore::new(most));
        Self { turns, ..self }
    }

    /// Waits for a turn to read a file, to be had before room is taken for it.
    pub async fn turn(&self) -> Turn {
        Turn {
            _permit: Arc::clone(&self.turns).acquire_owned().await.ok(),
        }
    }

    /// The same extractor, which takes no more than so many files out of an archive or an e-mail.
    #[must_use]
    pub fn taking_out(&self, most: u32) -> Self {
        let mut other = self.clone();
        other.limits.max_parts = most.min(self.limits.max_parts);
        other
    }

    /// How many files are taken out of one archive or e-mail at most.
    pub fn max_parts(&self) -> u32 {
        self.limits.max_parts
    }

    /// Whether nothing is read unless every wall stands.
    pub fn wants_all_walls(&self) -> bool {
        self.limits.all_walls
    }

    /// Looks which walls the kernel puts up around a child, by having it read a few words of our own.
    ///
    /// # Errors
    /// When the child does not get that far, for want of room or programs.
    pub async fn try_out(&self) -> Result<Walls, Failure> {
        let mut trial = self.clone();
        trial.limits.all_walls = false;
        let home = scratch::Scratch::new()?;
        let path = home.path().join("words.txt");
        tokio::fs::write(&path, "A few words.")
            .await
            .map_err(|e| Failure::of_temporary("no temporary file could be written", &e))?;
        let file_name =
            FileName::parse("words.txt").map_err(|error| Failure::transient(error.to_string()))?;
        let file_type = FileType::Text;
        let claim = Claim {
            file_type,
            file_name,
        };
        Ok(trial.extract(&path, claim).await?.walls)
    }

    /// Reads the file at `path`.
    ///
    /// Whatever happens, no process and no temporary file is left, also when the returned future is
    /// dropped before its end. Only the [`Parts`] keep theirs for as long as they are there.
    ///
    /// # Errors
    /// [`Failure`] says whether the file or the machine is the reason.
    pub async fn extract(&self, path: &Path, claimed: Claim) -> Result<Extracted, Failure> {
        // The work is a task of its own, so that it can clean up after this future is dropped:
        // `_stay` goes with the future, and the task sees it go.
        let (_stay, gone) = oneshot::channel::<()>();
        let task = tokio::spawn(run::run(self.clone(), path.to_owned(), claimed, gone));
        match task.await {
            Ok(result) => result,
            Err(error) => Err(Failure::Transient(format!(
                "the extraction task ended early: {error}"
            ))),
        }
    }
}
