//! Many at once, and how many of them a second.

use std::time::Instant;

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};

/// How many are under way at once.
pub const AT_ONCE: usize = 16;

/// Acts `count` times, [`AT_ONCE`] at once, each time with its number; gives the acts per second.
pub async fn per_second<F>(count: usize, act: impl Fn(usize) -> F) -> Result<f64>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let begin = Instant::now();
    stream::iter(0..count)
        .map(|number| tokio::spawn(act(number)))
        .buffer_unordered(AT_ONCE)
        .map(|ended| ended?)
        .try_collect::<()>()
        .await?;
    Ok(count as f64 / begin.elapsed().as_secs_f64())
}

/// Both halves of a round. Whoever goes second finds the disk busier: they take turns at that.
pub async fn in_turns<A, B>(
    round: usize,
    ours: impl AsyncFnOnce() -> Result<A>,
    bare: impl AsyncFnOnce() -> Result<B>,
) -> Result<(A, B)> {
    if round.is_multiple_of(2) {
        let bare = bare().await?;
        Ok((ours().await?, bare))
    } else {
        Ok((ours().await?, bare().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_failed_act_fails_the_round() {
        let fails = |number| async move {
            anyhow::ensure!(number != 7);
            Ok(())
        };
        assert!(per_second(8, fails).await.is_err());
        assert!(per_second(7, fails).await.unwrap() > 0.0);
    }
}
