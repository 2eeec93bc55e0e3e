//! The objects, one by one.

mod copy;

use super::Source;
use crate::{
    Error, Watcher,
    error::of_file,
    folder::{Draft, Folder},
    lines::{self, Lines},
    manifest::Objects,
    meter::Sum,
    objects::{Line, List, Wanted},
    progress::Progress,
};
use copy::Copying;
use database::Snapshot;
use futures::{Stream, TryStreamExt, stream};
use std::path::PathBuf;
use uuid::Uuid;

/// How many objects are on their way at once: most of a small one's time is waiting.
const AT_ONCE: usize = 4;

/// What the rows name, written down so that the database need not be asked for hours.
pub(super) struct WantedList {
    path: PathBuf,
    count: u64,
}

/// Writes down what the rows name, by key.
pub(super) async fn wanted(folder: &Folder, snapshot: &mut Snapshot) -> Result<WantedList, Error> {
    let mut draft = folder.draft().await?;
    let mut objects = snapshot.objects();
    while let Some(object) = objects.try_next().await? {
        lines::write(&mut draft, &Wanted::from(object)).await?;
    }
    let count = draft.meter().lines();
    let path = folder.wanted();
    draft.put(&path).await?;
    Ok(WantedList { path, count })
}

/// Brings every wanted object into the folder, and lists what became of each. Gives the list in short,
/// and how many were not there before.
pub(super) async fn write(
    source: &Source<'_>,
    folder: &Folder,
    export: Uuid,
    wanted: WantedList,
    before: Option<List>,
    watcher: &dyn Watcher,
) -> Result<(Objects, u64), Error> {
    let copying = Copying::new(source, folder)?;
    let mut listing = Listing {
        draft: folder.draft().await?,
        objects: Objects {
            held: 0,
            bytes: 0,
            lost: 0,
            gone: 0,
            list: Sum::default(),
        },
        copied: 0,
    };
    let mut progress = Progress::of(watcher, "objects", wanted.count);
    let lines = Lines::open(folder, wanted.path.clone()).await?;
    let mut became = std::pin::pin!(
        with_before(lines, before)
            .map_ok(|(wanted, before)| copying.one(wanted, before))
            .try_buffered(AT_ONCE)
    );
    while let Some((line, copied)) = became.try_next().await? {
        if let Line::Lost { key, why } = &line {
            watcher.finding(&format!("{key}: {why}"));
        }
        progress.one(listing.add(&line, copied).await?);
    }
    tokio::fs::remove_file(&wanted.path)
        .await
        .map_err(of_file(&wanted.path, "removed"))?;
    listing.end(folder, export).await
}

/// The list as it grows.
struct Listing {
    draft: Draft,
    objects: Objects,
    copied: u64,
}

impl Listing {
    /// Adds a line; gives how many bytes the object has.
    async fn add(&mut self, line: &Line, copied: bool) -> Result<u64, Error> {
        lines::write(&mut self.draft, line).await?;
        self.copied += u64::from(copied);
        match line {
            Line::Held { file, .. } => {
                self.objects.held += 1;
                self.objects.bytes += file.bytes;
                return Ok(file.bytes);
            }
            Line::Lost { .. } => self.objects.lost += 1,
            Line::Gone { .. } => self.objects.gone += 1,
        }
        Ok(0)
    }

    async fn end(mut self, folder: &Folder, export: Uuid) -> Result<(Objects, u64), Error> {
        self.objects.list = self.draft.put(&folder.list(export)).await?;
        Ok((self.objects, self.copied))
    }
}

/// Every wanted object, with what the export before says of it. Both lists are in the same order.
fn with_before(
    wanted: Lines<Wanted>,
    before: Option<List>,
) -> impl Stream<Item = Result<(Wanted, Option<Sum>), Error>> {
    let before = Before {
        list: before,
        line: None,
    };
    stream::try_unfold((wanted, before), |(mut wanted, mut before)| async move {
        let Some(next) = wanted.next().await? else {
            return Ok(None);
        };
        let sum = before.of(&next.key).await;
        Ok(Some(((next, sum), (wanted, before))))
    })
}

/// The list of the export before, read in step with this one's.
struct Before {
    list: Option<List>,
    line: Option<Line>,
}

impl Before {
    /// What it says of that key; later keys only from here on. Where it can't be read it says nothing:
    /// then the object is fetched again.
    async fn of(&mut self, key: &str) -> Option<Sum> {
        while self.line.as_ref().is_none_or(|line| line.key() < key) {
            self.line = self.list.as_mut()?.next().await.ok().flatten();
            if self.line.is_none() {
                self.list = None;
            }
        }
        match &self.line {
            Some(Line::Held {
                key: held, file, ..
            }) if held == key => Some(*file),
            _ => None,
        }
    }
}
