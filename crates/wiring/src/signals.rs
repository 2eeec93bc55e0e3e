//! Being asked to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// How a process ends that was asked a second time, and finished nothing.
const AT_ONCE: i32 = 1;

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Ends when SIGTERM or SIGINT comes. From then on a second one ends the process at once.
pub async fn stop_signal() {
    match Signals::listen() {
        Ok(mut signals) => {
            signals.next().await;
            tokio::spawn(async move {
                signals.next().await;
                tracing::warn!("asked a second time: ending at once, whatever is under way");
                std::process::exit(AT_ONCE);
            });
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM can't be heard");
            drop(tokio::signal::ctrl_c().await);
        }
    }
    tracing::info!("stopping: what is under way may finish; ask again to end at once");
    crate::manager::tell_stopping();
}
