//! Metrics of a process, on the port that the settings name.

use anyhow::{Context, Result};
use database::Database;
use domain::Clock;
use queue::Delivery;
use std::time::Duration;
use telemetry::{Metrics, metrics::Queue};

/// How long PostgreSQL may take to say how much there is to do, and Redis to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Counts from now on, and shows what was counted; does nothing where no port is named.
///
/// # Errors
/// When the address can't be listened on.
pub async fn show_metrics(
    settings: settings::Metrics,
    binary: &'static str,
    database: Database,
    delivery: Delivery,
) -> Result<()> {
    let Some(bind) = settings.bind else {
        return Ok(());
    };
    let metrics = Metrics::count(binary).context("metrics can't be counted")?;
    let refresh = move || refresh(database.clone(), delivery.clone());
    metrics.show(bind, refresh).await.context(
        "no metrics can be shown: free the port, or name another in METRICS_BIND (server) or WORKER_METRICS_BIND (worker)",
    )
}

/// Looks up what nobody counts: how much there is to do, and what is in use.
async fn refresh(database: Database, delivery: Delivery) {
    let (in_use, max) = database.connections();
    telemetry::metrics::connections(in_use, max);
    let (state, redis) = tokio::join!(
        tokio::time::timeout(PATIENCE, database.queue_state()),
        tokio::time::timeout(PATIENCE, delivery.ping()),
    );
    telemetry::metrics::redis(matches!(redis, Ok(Ok(()))));
    let state = match state {
        Ok(Ok(state)) => Some(state),
        Ok(Err(_)) | Err(_) => None,
    };
    let now = Clock::system().now();
    telemetry::metrics::queue(state.map(|state| {
        Queue {
            waiting: state.waiting,
            running: state.running,
            dead: state.dead,
            oldest: state
                .oldest
                .and_then(|oldest| (now - oldest).try_into().ok())
                .unwrap_or_default(),
        }
    }));
}
