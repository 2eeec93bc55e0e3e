//! Mail to people: one trait, a factory, one file per way of sending.
//!
//! Plain text only, because a mail without HTML has no place where a name that somebody chose could
//! become markup. What stands in a mail is written by the services; nothing here knows why one is sent.

mod message;
mod smtp;
mod unset;

use async_trait::async_trait;
use secrecy::SecretString;
use std::{fmt, sync::Arc};
use thiserror::Error as ThisError;

/// What lies beneath an error, for the log. It may repeat what the mail server said, which may name
/// hosts and addresses; it never holds a password.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A mail that could not be sent.
#[derive(Debug, ThisError)]
pub enum Error {
    /// This mail will never be taken: its address or subject is not one, or the server said so for good.
    #[error("the mail was refused")]
    Refused(#[source] Cause),
    /// The mail server can't be reached, does not let us in, or asks to come again later.
    #[error("the mail server is not available")]
    Unavailable(#[source] Cause),
    /// No mail server is configured.
    #[error("no mail server is configured")]
    NotConfigured,
}

/// A configuration that makes no sense.
#[derive(Debug, ThisError)]
pub enum Misconfigured {
    /// The URL is none that mail can be sent to.
    #[error(
        "the URL of the mail server must look like \
         `smtps://user:password@host` or `smtp://user:password@host:587?tls=required`"
    )]
    Url(#[source] Cause),
    /// A password would travel unencrypted.
    #[error(
        "a password for the mail server goes over TLS only: use `smtps://` or add `?tls=required`"
    )]
    PasswordInClear,
    /// The sender is no address.
    #[error("the sender must look like `vault@example.org` or `DocuVault <vault@example.org>`")]
    Sender(#[source] Cause),
}

/// A mail of plain text to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The bare address, without a name.
    pub to: String,
    /// One line.
    pub subject: String,
    /// What it says.
    pub text: String,
}

impl fmt::Debug for Mail {
    /// Without the text: it holds links that let people in.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Mail")
            .field("to", &self.to)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// A way of sending mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands the mail to the mail server, which from then on answers for it.
    ///
    /// # Errors
    /// `Refused` when another try is useless, `Unavailable` when it is not, `NotConfigured` when there
    /// is no mail server.
    async fn send(&self, mail: &Mail) -> Result<(), Error>;

    /// Asks the mail server whether it lets us in. Sends nothing.
    ///
    /// # Errors
    /// `Unavailable`, or `NotConfigured` when there is no mail server.
    async fn try_out(&self) -> Result<(), Error>;
}

/// The mailer to build.
#[derive(Clone, Debug)]
pub struct Config {
    /// The mail server, if there is one: `smtps://user:password@host`,
    /// `smtp://user:password@host:587?tls=required`, or `smtp://host` for a relay on a private network.
    /// A path (`smtp://host/vault.example.org`) is the name by which we greet the server.
    pub smtp_url: Option<SecretString>,
    /// Who sends: `vault@example.org` or `DocuVault <vault@example.org>`.
    pub from: String,
}

/// Builds the mailer that the configuration names. Connects to nothing.
///
/// # Errors
/// When the configuration makes no sense.
pub fn build(config: Config) -> Result<Arc<dyn Mailer>, Misconfigured> {
    Ok(match config.smtp_url {
        Some(url) => Arc::new(smtp::SmtpMailer::new(&url, &config.from)?),
        None => Arc::new(unset::UnsetMailer),
    })
}
