//! Files are cut into parts, and a part is held in memory while it is gathered and sent: few at once,
//! however many files come.

use crate::{ByteStream, Error};
use bytes::Bytes;
use futures::TryStreamExt;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The least that S3 takes as a part. At most 10,000 parts make an object of 48 GiB.
pub(super) const PART_BYTES: usize = 5 * 1024 * 1024;

/// What every file may hold at any time; only for more it needs a place.
const FREELY_HELD: usize = 256 * 1024;

/// How many files gather or send a part at once: with what is copied for sending, some 12 MB each. The
/// others leave their bytes unread meanwhile.
const PLACES: usize = 3;

/// How long a file waits for a place. Then it goes on without one: those that come slowly, and keep their
/// places long, must not stop everybody else.
const PLACE_WITHIN: Duration = Duration::from_secs(10);

/// The places in memory.
pub(super) struct Places(Arc<Semaphore>);

impl Places {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(PLACES)))
    }

    /// Cuts a stream anew.
    pub(super) fn cut(&self, body: ByteStream) -> Pieces {
        Pieces {
            body,
            rest: Bytes::new(),
            places: Arc::clone(&self.0),
        }
    }
}

/// A part of a file, and its place, which is free again when this is dropped.
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    pub(super) place: Option<OwnedSemaphorePermit>,
}

/// A stream cut into pieces of [`PART_BYTES`]; the last may be shorter.
pub(super) struct Pieces {
    body: ByteStream,
    rest: Bytes,
    places: Arc<Semaphore>,
}

impl Pieces {
    /// The next piece; empty at the end.
    pub(super) async fn next(&mut self) -> Result<Piece, Error> {
        let mut bytes = Vec::new();
        if !self.gather(&mut bytes, FREELY_HELD).await? {
            return Ok(Piece { bytes, place: None });
        }
        let place = timeout(PLACE_WITHIN, Arc::clone(&self.places).acquire_owned()).await;
        bytes.reserve_exact(PART_BYTES - FREELY_HELD);
        self.gather(&mut bytes, PART_BYTES).await?;
        Ok(Piece {
            bytes,
            place: place.ok().and_then(Result::ok),
        })
    }

    /// Reads on until there are so many bytes; `false` when the stream ends before.
    async fn gather(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> Result<bool, Error> {
        loop {
            let missing = wanted - bytes.len();
            bytes.extend_from_slice(&self.rest.split_to(missing.min(self.rest.len())));
            if bytes.len() == wanted {
                return Ok(true);
            }
            match self.body.try_next().await? {
                Some(more) => self.rest = more,
                None => return Ok(false),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{StreamExt, stream};
    use std::sync::atomic::{AtomicUsize, Ordering};

    const MIB: usize = 1024 * 1024;

    /// So many mebibytes, counted as they are read; then nothing more comes, nor the end.
    fn stuck(mebibytes: usize, read: &Arc<AtomicUsize>) -> ByteStream {
        let read = Arc::clone(read);
        let pieces = stream::repeat(Bytes::from(vec![b'a'; MIB])).take(mebibytes);
        let pieces = pieces.map(move |piece| {
            read.fetch_add(1, Ordering::SeqCst);
            Ok(piece)
        });
        pieces.chain(stream::pending()).boxed()
    }

    fn whole(bytes: usize) -> ByteStream {
        stream::iter([Ok(Bytes::from(vec![b'a'; bytes]))]).boxed()
    }

    #[tokio::test]
    async fn a_stream_is_cut_into_parts() {
        for (size, parts) in [
            (0, vec![]),
            (1, vec![1]),
            (FREELY_HELD, vec![FREELY_HELD]),
            (PART_BYTES, vec![PART_BYTES]),
            (PART_BYTES + 1, vec![PART_BYTES, 1]),
            (
                3 * PART_BYTES - 1,
                vec![PART_BYTES, PART_BYTES, PART_BYTES - 1],
            ),
        ] {
            let mut pieces = Places::new().cut(whole(size));
            let mut cut = Vec::new();
            loop {
                let piece = pieces.next().await.unwrap();
                if piece.bytes.is_empty() {
                    break;
                }
                cut.push(piece.bytes.len());
            }
            assert_eq!(cut, parts, "{size} bytes");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn few_are_gathered_at_once_and_slow_ones_stop_nobody() {
        let places = Places::new();
        let read = Arc::new(AtomicUsize::new(0));
        let slow: Vec<_> = (0..PLACES)
            .map(|_| {
                let mut pieces = places.cut(stuck(2, &read));
                tokio::spawn(async move { pieces.next().await.map(|piece| piece.bytes.len()) })
            })
            .collect();
        while read.load(Ordering::SeqCst) < 2 * PLACES {
            tokio::task::yield_now().await;
        }
        // What fits into the free part needs no place.
        let small = places.cut(whole(FREELY_HELD - 1)).next().await.unwrap();
        assert!(small.place.is_none());
        let before = tokio::time::Instant::now();
        let large = places.cut(whole(PART_BYTES)).next().await.unwrap();
        assert!(large.place.is_none() && large.bytes.len() == PART_BYTES);
        assert_eq!(before.elapsed().as_secs(), PLACE_WITHIN.as_secs());
        for one in slow {
            one.abort();
            assert!(one.await.is_err());
        }
        let next = places.cut(whole(PART_BYTES)).next().await.unwrap();
        assert!(next.place.is_some(), "a place is free again");
    }
}
