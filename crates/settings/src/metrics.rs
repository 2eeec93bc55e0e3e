//! Where metrics are shown.

use crate::{Env, Error};
use std::net::SocketAddr;

/// The port on which a process shows its metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Where it listens; `None` when it shows none.
    pub bind: Option<SocketAddr>,
}

const EXPECTED: &str =
    "an address and port of its own, which only the monitoring reaches, or nothing";

impl Metrics {
    /// Reads it, for the process whose variable that is. It is never the port that people reach.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env, name: &str, taken: Option<SocketAddr>) -> Result<Self, Error> {
        let Some(value) = env.optional(name)? else {
            return Ok(Self::default());
        };
        let bind: SocketAddr = value
            .trim()
            .parse()
            .map_err(|_| Error::unacceptable(name, EXPECTED))?;
        match taken.is_some_and(|taken| bind.port() != 0 && taken.port() == bind.port()) {
            true => Err(Error::unacceptable(
                name,
                "a port other than that of LISTEN",
            )),
            false => Ok(Self { bind: Some(bind) }),
        }
    }
}
