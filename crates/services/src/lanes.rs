//! Whoever asks while another is served waits for a moment, and is served together with whoever else waits.
//!
//! For what costs as much for many as for one: a statement that waits for the disk, a question that many
//! requests ask at the same time. Whoever comes alone waits for nobody. Nobody is served by what began before
//! they asked.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Mutex as Turn, oneshot};

/// One that waits to be served.
pub(crate) struct Waiting<W, A> {
    /// What it wants.
    pub wanted: W,
    /// Takes its answer. Nobody may wait for that any more.
    pub answer: oneshot::Sender<A>,
}

/// Those who have the same key.
struct Lane<W, A> {
    waiting: Mutex<Vec<Waiting<W, A>>>,
    turn: Turn<()>,
}

impl<W, A> Lane<W, A> {
    fn lock(&self) -> MutexGuard<'_, Vec<Waiting<W, A>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, most: usize) -> Vec<Waiting<W, A>> {
        let mut waiting = self.lock();
        let count = waiting.len().min(most);
        waiting.drain(..count).collect()
    }
}

/// A lane for each key that somebody waits with, and how many do.
type Open<K, W, A> = HashMap<K, (usize, Arc<Lane<W, A>>)>;

/// Those who wait, by a key: only who has the same is served together, and waits for the others.
pub(crate) struct Lanes<K, W, A>(Mutex<Open<K, W, A>>);

impl<K, W, A> Default for Lanes<K, W, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Copy + Eq + Hash, W, A> Lanes<K, W, A> {
    /// Waits for an answer. Whoever's turn it is serves at most `most` who have the same key, themselves
    /// among them or not. `None` when whoever served was stopped before they answered.
    pub async fn join<F: Future<Output = ()>>(
        &self,
        key: K,
        wanted: W,
        most: usize,
        serve: impl Fn(Vec<Waiting<W, A>>) -> F,
    ) -> Option<A> {
        let place = self.enter(key);
        let (answer, mut answered) = oneshot::channel();
        place.lane.lock().push(Waiting { wanted, answer });
        loop {
            tokio::select! {
                biased;
                answer = &mut answered => return answer.ok(),
                _turn = place.lane.turn.lock() => serve(place.lane.take(most)).await,
            }
        }
    }

    fn open(&self) -> MutexGuard<'_, Open<K, W, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, key: K) -> Place<'_, K, W, A> {
        let mut open = self.open();
        let (count, lane) = open.entry(key).or_insert_with(|| {
            let lane = Lane {
                waiting: Mutex::default(),
                turn: Turn::new(()),
            };
            (0, Arc::new(lane))
        });
        *count += 1;
        Place {
            lane: Arc::clone(lane),
            lanes: self,
            key,
        }
    }
}

/// A place in a lane. The last to leave, served or not, closes it.
struct Place<'a, K: Copy + Eq + Hash, W, A> {
    lane: Arc<Lane<W, A>>,
    lanes: &'a Lanes<K, W, A>,
    key: K,
}

impl<K: Copy + Eq + Hash, W, A> Drop for Place<'_, K, W, A> {
    fn drop(&mut self) {
        let mut open = self.lanes.open();
        if let Some((count, _)) = open.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{FutureExt, future::join_all};
    use tokio::sync::Semaphore;

    /// Serves once the gate opens: everybody gets what all who were served with them wanted.
    async fn ask(
        lanes: &Lanes<u8, u8, Vec<u8>>,
        gate: &Semaphore,
        key: u8,
        wanted: u8,
    ) -> Option<Vec<u8>> {
        let serve = async move |waiting: Vec<Waiting<u8, Vec<u8>>>| {
            let _open = gate.acquire().await;
            let all: Vec<u8> = waiting.iter().map(|one| one.wanted).collect();
            for one in waiting {
                let _ = one.answer.send(all.clone());
            }
        };
        lanes.join(key, wanted, 3, serve).await
    }

    #[tokio::test]
    async fn who_comes_while_one_is_served_goes_together_with_the_next() {
        let (lanes, gate) = (Lanes::default(), Semaphore::new(0));
        let mut all = Box::pin(join_all((0..6).map(|wanted| ask(&lanes, &gate, 1, wanted))));
        assert!(all.as_mut().now_or_never().is_none());
        gate.add_permits(1);
        let answers: Vec<_> = all.await.into_iter().flatten().collect();
        let (first, second, third) = (vec![0], vec![1, 2, 3], vec![4, 5]);
        assert_eq!(
            answers,
            [&first, &second, &second, &second, &third, &third].map(Clone::clone)
        );
    }

    #[tokio::test]
    async fn who_has_another_key_is_served_apart_and_at_once() {
        let (lanes, shut, open) = (Lanes::default(), Semaphore::new(0), Semaphore::new(1));
        let mut slow = Box::pin(ask(&lanes, &shut, 0, 0));
        assert!(slow.as_mut().now_or_never().is_none());
        let others = join_all((1..=u8::MAX).map(|key| ask(&lanes, &open, key, key)));
        assert!(
            others
                .await
                .into_iter()
                .zip(1..=u8::MAX)
                .all(|(answer, key)| answer == Some(vec![key]))
        );
    }

    #[tokio::test]
    async fn nothing_is_left_of_who_went_away() {
        let (lanes, gate) = (Lanes::default(), Semaphore::new(0));
        let mut all = Box::pin(join_all(
            [1, 1, 1, 2, 3].map(|key| ask(&lanes, &gate, key, 0)),
        ));
        assert!(all.as_mut().now_or_never().is_none());
        assert_eq!(lanes.open().len(), 3);
        drop(all);
        assert!(lanes.open().is_empty());
        gate.add_permits(1);
        assert_eq!(ask(&lanes, &gate, 1, 4).await, Some(vec![4]));
        assert!(lanes.open().is_empty());
    }

    #[tokio::test]
    async fn who_was_to_be_served_by_one_that_was_stopped_is_told() {
        let (lanes, gate) = (Lanes::default(), Semaphore::new(0));
        let mut first = Box::pin(ask(&lanes, &gate, 1, 0));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(ask(&lanes, &gate, 1, 1));
        let mut third = Box::pin(ask(&lanes, &gate, 1, 2));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(third.as_mut().now_or_never().is_none());
        drop(first);
        // It is the second's turn, who takes the third along, and goes away.
        assert!(second.as_mut().now_or_never().is_none());
        drop(second);
        assert_eq!(third.await, None);
        gate.add_permits(1);
        assert_eq!(ask(&lanes, &gate, 1, 4).await, Some(vec![4]));
    }
}
