//! Delivery of job ids through a Redis stream and its consumer group.

use domain::JobId;
use redis::{
    AsyncCommands, AsyncConnectionConfig, Client, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection},
    streams::{StreamAutoClaimReply, StreamId, StreamReadReply},
};
use std::{str::FromStr, time::Duration};
use thiserror::Error as ThisError;

const GROUP: &str = "workers";
const FIELD: &str = "job";

/// How long one ordinary command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(2);

/// Redis did not do what was asked. Nothing is lost by that: see the crate's documentation.
#[derive(Debug, ThisError)]
#[error("Redis did not answer as it should")]
pub struct Error(#[from] RedisError);

/// A message of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The stream's own id of it, for the acknowledgement.
    pub entry: String,
    /// The job; `None` when the entry holds something else, and only wants to be removed.
    pub job: Option<JobId>,
}

/// The stream of jobs.
#[derive(Clone)]
pub struct Delivery {
    client: Client,
    manager: ConnectionManager,
    stream: String,
}

impl Delivery {
    /// Connects when first used, so that a process can start while Redis is away.
    ///
    /// # Errors
    /// When `url` is not a Redis URL.
    pub fn connect_lazily(url: &str, prefix: &str) -> Result<Self, Error> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(COMMAND_TIMEOUT))
            .set_connection_timeout(Some(COMMAND_TIMEOUT))
            .set_number_of_retries(1);
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self {
            client,
            manager,
            stream: format!("{prefix}:jobs:v1"),
        })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn manager(&self) -> ConnectionManager {
        self.manager.clone()
    }

    /// Sends jobs on their way.
    ///
    /// # Errors
    /// When Redis can't be reached; the reconciler will send them later.
    pub async fn send(&self, jobs: &[JobId]) -> Result<(), Error> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut pipe = redis::pipe();
        for job in jobs {
            pipe.xadd(&self.stream, "*", &[(FIELD, job.to_string())])
                .ignore();
        }
        Ok(pipe.query_async(&mut self.manager()).await?)
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// When none comes.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(redis::cmd("PING").query_async(&mut self.manager()).await?)
    }

    /// A reader of its own connection: a blocking read must outlive the ordinary time-out.
    pub(crate) async fn reader(&self, consumer: &str, block: Duration) -> Result<Reader, Error> {
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(Some(block + COMMAND_TIMEOUT))
            .set_connection_timeout(Some(COMMAND_TIMEOUT));
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        let mut reader = Reader {
            connection,
            stream: self.stream.clone(),
            consumer: consumer.to_owned(),
            block,
        };
        reader.create_group().await?;
        Ok(reader)
    }

    /// The message is dealt with: its entry is acknowledged and removed.
    pub(crate) async fn remove(&self, message: &Message) -> Result<(), Error> {
        let mut pipe = redis::pipe();
        pipe.xack(&self.stream, GROUP, &[&message.entry]).ignore();
        pipe.xdel(&self.stream, &[&message.entry]).ignore();
        Ok(pipe.query_async(&mut self.manager()).await?)
    }
}

/// A consumer of the group.
pub(crate) struct Reader {
    connection: MultiplexedConnection,
    stream: String,
    consumer: String,
    block: Duration,
}

impl Reader {
    /// Makes stream and group where they are not; from the beginning, so that nothing sent before is missed.
    async fn create_group(&mut self) -> Result<(), Error> {
        let made: Result<(), RedisError> = self
            .connection
            .xgroup_create_mkstream(&self.stream, GROUP, "0")
            .await;
        match made {
            Err(error) if error.code() != Some("BUSYGROUP") => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Waits for at most `count` new messages, as long as the reader blocks.
    pub(crate) async fn read(&mut self, count: usize) -> Result<Vec<Message>, Error> {
        let reply: Option<StreamReadReply> = redis::cmd("XREADGROUP")
            .arg("GROUP")
            .arg(GROUP)
            .arg(&self.consumer)
            .arg("COUNT")
            .arg(count)
            .arg("BLOCK")
            .arg(u64::try_from(self.block.as_millis()).unwrap_or(u64::MAX))
            .arg("STREAMS")
            .arg(&self.stream)
            .arg(">")
            .query_async(&mut self.connection)
            .await?;
        Ok(reply
            .map(|reply| {
                reply
                    .keys
                    .into_iter()
                    .flat_map(|key| key.ids)
                    .map(message)
                    .collect()
            })
            .unwrap_or_default())
    }

    /// Takes over messages that another consumer has held for longer than `idle`.
    pub(crate) async fn take_over(
        &mut self,
        idle: Duration,
        count: usize,
    ) -> Result<Vec<Message>, Error> {
        let reply: StreamAutoClaimReply = redis::cmd("XAUTOCLAIM")
            .arg(&self.stream)
            .arg(GROUP)
            .arg(&self.consumer)
            .arg(u64::try_from(idle.as_millis()).unwrap_or(u64::MAX))
            .arg("0-0")
            .arg("COUNT")
            .arg(count)
            .query_async(&mut self.connection)
            .await?;
        Ok(reply.claimed.into_iter().map(message).collect())
    }
}

fn message(entry: StreamId) -> Message {
    let job = entry
        .get::<String>(FIELD)
        .and_then(|text| JobId::from_str(&text).ok());
    Message {
        entry: entry.id,
        job,
    }
}
