//! How often something may be tried, counted in Redis so that all servers count together (D-09).
//!
//! One limiter for every face. It knows rules and subjects; which apply to what, and what happens when
//! Redis does not answer, is decided by the services.
//!
//! The algorithm is GCRA: a rule allows a burst, and what was used comes back evenly. It keeps one
//! moment per subject, whatever the burst.
//!
//! # Keys in Redis
//!
//! | key | type | written by | removed by |
//! |---|---|---|---|
//! | `{prefix}:limit:{rule}:{hash}` | string: the moment, in microseconds, at which the whole burst will be back | [`Limiter::check`] | Redis, at that moment; [`Limiter::reset`] |
//!
//! The hash is one of the subject: addresses and e-mail addresses do not stand in Redis, nor in its
//! backups, to be read. It hides them from a glance only: whoever guesses a subject can check the guess.

use redis::{
    Client, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use thiserror::Error as ThisError;

/// How long connecting and one command may take, each.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(2);

/// So many bytes of the hash that two subjects never share a limit.
const HASH_BYTES: usize = 16;

/// A limiter that gave no answer.
#[derive(Debug, ThisError)]
pub enum Error {
    /// The URL is not one of Redis.
    #[error("this is not a Redis URL")]
    Url(#[source] RedisError),
    /// Redis did not answer as it should. Nothing is known about the limit.
    #[error("Redis did not answer as it should")]
    Unavailable(#[source] RedisError),
}

/// How often one subject may do one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// What is limited, in a short word. Rules of different names count apart.
    pub name: &'static str,
    /// How often at once. Zero counts as one.
    pub burst: u32,
    /// How long it takes until a used-up burst is whole again; it comes back one by one.
    pub per: Duration,
}

impl Rule {
    fn burst(self) -> u32 {
        self.burst.max(1)
    }

    /// How many microseconds one takes to come back; rounded up, so that never more than the burst
    /// comes back within `per`.
    fn interval(self) -> u64 {
        let interval = self.per.as_micros().div_ceil(u128::from(self.burst()));
        u64::try_from(interval).unwrap_or(u64::MAX).max(1)
    }
}

/// Whether it may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes, and it was counted.
    Allowed,
    /// No, and nothing was counted.
    Limited {
        /// After this time it may be done, unless somebody else is faster.
        retry_after: Duration,
    },
}

/// The limiter of one vault. Cloning is cheap and shares the connection.
#[derive(Clone)]
pub struct Limiter {
    manager: ConnectionManager,
    check: Arc<Script>,
    prefix: String,
}

impl Limiter {
    /// Connects when first used, so that a process can start while Redis is away.
    ///
    /// # Errors
    /// `Url`.
    pub fn connect_lazily(url: &str, prefix: &str) -> Result<Self, Error> {
        let client = Client::open(url).map_err(Error::Url)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(COMMAND_TIMEOUT))
            .set_connection_timeout(Some(COMMAND_TIMEOUT))
            .set_number_of_retries(1);
        let manager =
            ConnectionManager::new_lazy_with_config(client, config).map_err(Error::Url)?;
        Ok(Self {
            manager,
            check: Arc::new(Script::new(include_str!("check.lua"))),
            prefix: prefix.to_owned(),
        })
    }

    /// Asks whether each subject may do the thing of its rule once more. Either all are counted or
    /// none. One round trip, however many rules; the first one to a Redis takes two more.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn check(&self, rules: &[(Rule, &str)]) -> Result<Decision, Error> {
        if rules.is_empty() {
            return Ok(Decision::Allowed);
        }
        let mut call = self.check.prepare_invoke();
        for (rule, subject) in rules {
            call.key(self.key(*rule, subject))
                .arg(rule.interval())
                .arg(rule.burst());
        }
        let wait: u64 = call
            .invoke_async(&mut self.manager.clone())
            .await
            .map_err(Error::Unavailable)?;
        Ok(match wait {
            0 => Decision::Allowed,
            wait => Decision::Limited {
                retry_after: Duration::from_micros(wait),
            },
        })
    }

    /// Forgets what this subject has used up, as after a right password.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn reset(&self, rule: Rule, subject: &str) -> Result<(), Error> {
        redis::cmd("DEL")
            .arg(self.key(rule, subject))
            .query_async(&mut self.manager.clone())
            .await
            .map_err(Error::Unavailable)
    }

    fn key(&self, rule: Rule, subject: &str) -> String {
        let hash = Sha256::digest(subject);
        let hash: String = hex::encode(hash).chars().take(2 * HASH_BYTES).collect();
        format!("{}:limit:{}:{hash}", self.prefix, rule.name)
    }
}
