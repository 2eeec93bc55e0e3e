//! When the worker is ready: once it has reached PostgreSQL and Redis.

use database::Database;
use queue::Delivery;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// After this long the worker counts as ready without them: it is made to wait for parts that are away,
/// and a manager that got no word would end it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long until they are tried again.
const AGAIN: Duration = Duration::from_millis(250);

/// Tells the service manager, if there is one.
pub(crate) async fn tell_when_ready(
    database: &Database,
    delivery: &Delivery,
    stop: &CancellationToken,
) {
    if !wiring::has_manager() {
        return;
    }
    let connected = tokio::time::timeout(PATIENCE, connected(database, delivery));
    let connected = tokio::select! {
        () = stop.cancelled() => return,
        connected = connected => connected.is_ok(),
    };
    wiring::tell_ready(match connected {
        true => "Working",
        false => "Waiting for PostgreSQL or Redis",
    });
}

async fn connected(database: &Database, delivery: &Delivery) {
    while database.try_out().await.is_err() || delivery.ping().await.is_err() {
        tokio::time::sleep(AGAIN).await;
    }
}
