//! News of documents, for the pages that show them. Best effort: a page asks again when it reconnects.

use crate::{Delivery, Error};
use domain::{DocumentId, UserId};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// How many events a slow listener may be behind before it misses some.
const BACKLOG: usize = 256;

/// How long to wait before listening again when Redis went away.
const RECONNECT: Duration = Duration::from_secs(1);

/// A document changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Whose it is.
    pub owner: UserId,
    /// Which.
    pub document: DocumentId,
    /// Its status now; `deleted` when it is gone.
    pub status: String,
    /// Its stage now, while it is being processed.
    pub stage: Option<String>,
}

/// The channel on which every process hears of every change.
#[derive(Clone)]
pub struct Events {
    delivery: Delivery,
    channel: String,
    local: broadcast::Sender<Event>,
}

impl Events {
    /// A channel through the same Redis as `delivery`.
    pub fn new(delivery: Delivery, prefix: &str) -> Self {
        Self {
            delivery,
            channel: format!("{prefix}:events:v1"),
            local: broadcast::channel(BACKLOG).0,
        }
    }

    /// Tells everybody. A failure is logged and otherwise harmless.
    pub async fn publish(&self, events: &[Event]) {
        let mut pipe = redis::pipe();
        for text in events.iter().flat_map(serde_json::to_string) {
            pipe.publish(&self.channel, text).ignore();
        }
        if let Err(error) = pipe.query_async::<()>(&mut self.delivery.manager()).await {
            tracing::debug!(%error, "events were not published");
        }
    }

    /// What this process hears from now on, while [`Events::listen`] runs.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.local.subscribe()
    }

    /// Hears what is published and passes it on, until `stop`; connects again when Redis went away.
    pub async fn listen(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                heard = self.listen_once() => {
                    if let Err(error) = heard {
                        tracing::debug!(%error, "events can't be heard at the moment");
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RECONNECT) => {}
            }
        }
    }

    async fn listen_once(&self) -> Result<(), Error> {
        let mut subscription = self.delivery.client().get_async_pubsub().await?;
        subscription.subscribe(&self.channel).await?;
        let mut messages = subscription.into_on_message();
        while let Some(message) = messages.next().await {
            let Ok(text) = message.get_payload::<String>() else {
                continue;
            };
            if let Ok(event) = serde_json::from_str(&text) {
                // Nobody listening is no error.
                drop(self.local.send(event));
            }
        }
        Ok(())
    }
}
