//! No mail server: a vault works without one, and says so where a mail is wanted.

use crate::{Error, Mail, Mailer};
use async_trait::async_trait;

/// Sends nothing.
pub(crate) struct UnsetMailer;

#[async_trait]
impl Mailer for UnsetMailer {
    async fn send(&self, _mail: &Mail) -> Result<(), Error> {
        Err(Error::NotConfigured)
    }

    async fn try_out(&self) -> Result<(), Error> {
        Err(Error::NotConfigured)
    }
}
