//! What the service manager (systemd) is told where there is one: it gives an address in `NOTIFY_SOCKET`.
//! Nothing depends on its hearing it.

use sd_notify::NotifyState;
use std::io::Error;

/// Whether a service manager wants to be told.
pub fn has_manager() -> bool {
    std::env::var_os("NOTIFY_SOCKET").is_some()
}

/// The process does what it is there for, or what it waits for stands in the status. From now on it also
/// gives a sign of life as often as the manager wants (`WatchdogSec`): one that hangs is started anew.
pub fn tell_ready(status: &str) {
    heard(sd_notify::notify(&[
        NotifyState::Ready,
        NotifyState::Status(status),
    ]));
    give_signs_of_life();
}

/// The process has been asked to stop, and finishes what is under way.
pub(crate) fn tell_stopping() {
    heard(sd_notify::notify(&[NotifyState::Stopping]));
}

/// A task, so that there is no sign when the runtime gets to nothing any more.
fn give_signs_of_life() {
    let Some(within) = sd_notify::watchdog_enabled().filter(|within| !within.is_zero()) else {
        return;
    };
    tokio::spawn(async move {
        let mut signs = tokio::time::interval(within / 2);
        loop {
            signs.tick().await;
            heard(sd_notify::notify(&[NotifyState::Watchdog]));
        }
    });
}

fn heard(told: Result<(), Error>) {
    if let Err(error) = told {
        tracing::warn!(%error, "the service manager can't be told how this process is");
    }
}
