//! What whoever waits is told.

use std::time::Duration;
use tokio::time::Instant;

/// How often.
const EVERY: Duration = Duration::from_secs(5);

/// Who is told how it goes on.
pub trait Watcher: Sync {
    /// How far it has come.
    fn progress(&self, text: &str);

    /// Something is not as it should be.
    fn finding(&self, text: &str);
}

/// How far a long step has come, told now and then.
pub(crate) struct Progress<'a> {
    watcher: &'a dyn Watcher,
    what: &'static str,
    total: u64,
    done: u64,
    bytes: u64,
    told: Instant,
}

impl<'a> Progress<'a> {
    /// At the start of a step of so many.
    pub(crate) fn of(watcher: &'a dyn Watcher, what: &'static str, total: u64) -> Self {
        Self {
            watcher,
            what,
            total,
            done: 0,
            bytes: 0,
            told: Instant::now(),
        }
    }

    /// One more, with so many bytes.
    pub(crate) fn one(&mut self, bytes: u64) {
        self.done += 1;
        self.bytes += bytes;
        if self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            self.watcher.progress(&format!(
                "{}: {} of {}, {} MiB",
                self.what,
                self.done,
                self.total,
                self.bytes / (1024 * 1024)
            ));
        }
    }
}
