//! Whoever asks while another is served waits for a moment, and is served together with whoever else waits.
//!
//! For what costs as much for many as for one: a statement that waits for the disk, a question that many
//! requests ask at the same time. Whoever comes alone waits for nobody. Nobody is served by what began before
//! they asked.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{Mutex as Turn, oneshot};

/// How many are served at once; more share their turns.
const LANES: usize = 64;

/// One that waits to be served.
pub(crate) struct Waiting<K, W, A> {
    key: K,
    /// What it wants.
    pub wanted: W,
    /// Takes its answer. Nobody may wait for that any more.
    pub answer: oneshot::Sender<A>,
}

struct Lane<K, W, A> {
    waiting: Mutex<Vec<Waiting<K, W, A>>>,
    turn: Turn<()>,
}

impl<K: PartialEq, W, A> Lane<K, W, A> {
    fn lock(&self) -> MutexGuard<'_, Vec<Waiting<K, W, A>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, key: &K, most: usize) -> Vec<Waiting<K, W, A>> {
        let mut waiting = self.lock();
        let same = |one: &mut Waiting<K, W, A>| one.key == *key;
        waiting.extract_if(.., same).take(most).collect()
    }
}

/// Those who wait, by a key: only who has the same is served together.
pub(crate) struct Lanes<K, W, A> {
    lanes: Vec<Lane<K, W, A>>,
    hasher: RandomState,
}

impl<K, W, A> Default for Lanes<K, W, A> {
    fn default() -> Self {
        let empty = || Lane {
            waiting: Mutex::new(Vec::new()),
            turn: Turn::new(()),
        };
        Self {
            lanes: std::iter::repeat_with(empty).take(LANES).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl<K: Copy + Hash + PartialEq, W, A> Lanes<K, W, A> {
    /// Waits for an answer. Whoever's turn it is serves at most `most` who have the same key, themselves
    /// among them or not. `None` when whoever served was stopped before they answered.
    pub async fn join<F: Future<Output = ()>>(
        &self,
        key: K,
        wanted: W,
        most: usize,
        serve: impl Fn(Vec<Waiting<K, W, A>>) -> F,
    ) -> Option<A> {
        let number = self.hasher.hash_one(key) % LANES as u64;
        let lane = self.lanes.get(usize::try_from(number).ok()?)?;
        let (answer, mut answered) = oneshot::channel();
        lane.lock().push(Waiting {
            key,
            wanted,
            answer,
        });
        loop {
            tokio::select! {
                biased;
                answer = &mut answered => return answer.ok(),
                _turn = lane.turn.lock() => serve(lane.take(&key, most)).await,
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
        let serve = async move |waiting: Vec<Waiting<u8, u8, Vec<u8>>>| {
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
    async fn who_has_another_key_is_served_apart() {
        let (lanes, gate) = (Lanes::default(), Semaphore::new(1));
        let answers = join_all((0..100).map(|key| ask(&lanes, &gate, key, key))).await;
        assert!(
            answers
                .into_iter()
                .zip(0..)
                .all(|(answer, key)| answer == Some(vec![key]))
        );
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
