//! Where pages ask for their data: in tasks of their own, logged under the request that asked for the page.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tracing::Instrument;

/// Tokio, with the current span.
struct Spanned;

impl CustomExecutor for Spanned {
    fn spawn(&self, task: PinnedFuture<()>) {
        tokio::spawn(task.in_current_span());
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(task.in_current_span());
    }

    /// Tokio polls by itself.
    fn poll_local(&self) {}
}

/// Has leptos use it. It takes the first that it is given.
pub(crate) fn install() {
    drop(Executor::init_custom_executor(Spanned));
}
