//! Looks now and then whether every document's bytes are in the store and whole.

use domain::{Caller, Clock, Error};
use services::{ScrubStep, Services};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is asked whether there is something to do: an admin may want a look at any time.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// How much is read in a second, so that people's own downloads have the rest of the store's pace.
const BYTES_PER_SECOND: u64 = 16 * 1024 * 1024;

/// The least pause between two steps.
const BREATH: Duration = Duration::from_millis(200);

/// Goes on with scrubs until `stop`; begins one `every` so often, if that is set.
pub(crate) async fn scrub(
    services: &Services,
    clock: &Clock,
    every: Option<Duration>,
    stop: &CancellationToken,
) {
    loop {
        let pause = tokio::select! {
            () = stop.cancelled() => return,
            stepped = step(services, clock, every) => match stepped {
                Ok(step) => pause_after(step),
                Err(error) => {
                    tracing::warn!(%error, "the look through the store has to wait");
                    ASK_EVERY
                }
            },
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn step(
    services: &Services,
    clock: &Clock,
    every: Option<Duration>,
) -> Result<ScrubStep, Error> {
    let caller = Caller::system("scrub");
    let scrubbing = services.scrubbing();
    if let Some(every) = every
        && scrubbing.begin_if_due(&caller, every).await?
    {
        tracing::info!("a look through the store begins");
    }
    scrubbing.step(&caller, clock.now()).await
}

fn pause_after(step: ScrubStep) -> Duration {
    match step {
        ScrubStep::Idle => ASK_EVERY,
        ScrubStep::Finished => {
            tracing::info!("a look through the store came to its end");
            ASK_EVERY
        }
        ScrubStep::More { bytes } => {
            BREATH + Duration::from_millis(bytes.saturating_mul(1_000) / BYTES_PER_SECOND)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_was_read_the_longer_the_pause() {
        let pause = |bytes| pause_after(ScrubStep::More { bytes });
        assert_eq!(pause(0), BREATH);
        let second = Duration::from_secs(1);
        assert_eq!(pause(BYTES_PER_SECOND), second + BREATH);
        assert_eq!(pause_after(ScrubStep::Idle), ASK_EVERY);
    }
}
