//! What goes on beside a request or a job, logged under the name of the one that it belongs to.

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// The tasks that were begun and may still run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks(TaskTracker);

impl Tasks {
    /// Begins one.
    pub(crate) fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.0.spawn(work.in_current_span())
    }

    /// Waits for all of them. Those that come later are begun all the same, and not waited for.
    pub(crate) async fn finish(&self) {
        self.0.close();
        self.0.wait().await;
    }
}
