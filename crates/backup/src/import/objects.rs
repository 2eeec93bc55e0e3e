//! The objects, one by one, into the store.

use super::{Target, bucket::There, check::place};
use crate::{
    Error, Watcher,
    error::altered,
    folder::{Folder, PIECE_BYTES},
    manifest::Manifest,
    meter::{Meter, Sum},
    objects::{Line, List},
    progress::Progress,
};
use bytes::Bytes;
use domain::Kind;
use futures::{StreamExt, TryStreamExt, stream};
use std::path::PathBuf;
use storage::{ByteStream, StorageBackend};
use tokio::{fs::File, io::AsyncReadExt};

/// How many objects are on their way at once.
const AT_ONCE: usize = 4;

/// Stores every object that is not there yet; gives how many.
pub(super) async fn write(
    target: &Target<'_>,
    folder: &Folder,
    manifest: &Manifest,
    there: &There,
    watcher: &dyn Watcher,
) -> Result<u64, Error> {
    let storing = Storing {
        storage: target.storage.as_ref(),
        folder,
        there,
    };
    let mut progress = Progress::of(watcher, "objects", manifest.objects.held);
    let lines = List::open(folder, manifest).await?.into_stream();
    let mut stored = std::pin::pin!(lines.map_ok(|line| storing.one(line)).try_buffered(AT_ONCE));
    let mut copied = 0;
    while let Some(outcome) = stored.try_next().await? {
        if let Some((bytes, is_new)) = outcome {
            copied += u64::from(is_new);
            progress.one(bytes);
        }
    }
    Ok(copied)
}

struct Storing<'a> {
    storage: &'a dyn StorageBackend,
    folder: &'a Folder,
    there: &'a There,
}

impl Storing<'_> {
    /// Stores an object that the export holds, unless it is there and whole; says how many bytes it has,
    /// and whether it was stored.
    async fn one(&self, line: Line) -> Result<Option<(u64, bool)>, Error> {
        let Line::Held {
            key,
            content_type,
            file,
        } = line
        else {
            return Ok(None);
        };
        if self.there.has(&key) && self.stored(&key).await? == file {
            return Ok(Some((file.bytes, false)));
        }
        let path = place(self.folder, &key)?;
        let (opened, bytes) = self.folder.open(&path).await?;
        if bytes != file.bytes {
            let what = format!("has {bytes} bytes instead of {}.", file.bytes);
            return Err(altered(&path, &what));
        }
        let body = body(opened, path, file);
        match self
            .storage
            .put(&key, media_type(&content_type), body)
            .await
        {
            Ok(_) => Ok(Some((file.bytes, true))),
            Err(storage::Error::Source(error)) => Err(Error::Altered(error.detail)),
            Err(error) => Err(error.into()),
        }
    }

    /// What is stored under a key.
    async fn stored(&self, key: &str) -> Result<Sum, Error> {
        let mut body = self.storage.get(key, None).await?;
        let mut meter = Meter::default();
        while let Some(piece) = body.try_next().await? {
            meter.take(&piece);
        }
        Ok(meter.sum())
    }
}

/// A file's bytes. They end in an error unless they are the right ones: the store then keeps none.
fn body(file: File, path: PathBuf, right: Sum) -> ByteStream {
    let reading = (file, Meter::default(), path);
    stream::try_unfold(reading, move |(mut file, mut meter, path)| async move {
        let mut piece = vec![0; PIECE_BYTES];
        let read = file.read(&mut piece).await;
        let read = read.map_err(|_| source(&path, "can't be read to its end."))?;
        piece.truncate(read);
        meter.take(&piece);
        if !piece.is_empty() {
            return Ok(Some((Bytes::from(piece), (file, meter, path))));
        }
        match meter.sum() == right {
            true => Ok(None),
            false => Err(source(&path, "was changed.")),
        }
    })
    .boxed()
}

fn source(path: &std::path::Path, what: &str) -> storage::Error {
    let detail = format!("{} {what}", path.display());
    storage::Error::Source(domain::Error::new(Kind::Invalid, "altered", detail))
}

/// The listed type, if it can stand in a header.
fn media_type(listed: &str) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    match (1..=200).contains(&listed.len()) && listed.bytes().all(is_plain) {
        true => listed,
        false => "application/octet-stream",
    }
}
