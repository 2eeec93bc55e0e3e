//! Waiting for a thing to become ready or to go, by asking again.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, MissedTickBehavior, interval};

const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(25);

/// Asks again and again until the answer is `Some`, the attempt says that it is hopeless (`Err`),
/// or the time is up.
pub async fn until<T>(
    what: &str,
    limit: Duration,
    mut attempt: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + limit;
    let mut ticks = interval(BETWEEN_ATTEMPTS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < end {
        ticks.tick().await;
        if let Some(answer) = attempt().await? {
            return Ok(answer);
        }
    }
    bail!("{what} was not ready after {} s.", limit.as_secs());
}

/// Waits until no process with this number has a name like this.
pub(crate) async fn until_gone(
    what: &str,
    id: &str,
    limit: Duration,
    is_it: impl Fn(&str) -> bool,
) -> Result<()> {
    let name = format!("/proc/{}/comm", id.trim());
    until(what, limit, async || {
        let is_there = std::fs::read_to_string(&name).is_ok_and(|name| is_it(name.trim()));
        Ok((!is_there).then_some(()))
    })
    .await
}
