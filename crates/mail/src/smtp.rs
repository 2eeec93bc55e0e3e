//! Sending through an SMTP server. A connection per mail: mails are few and far between.

use crate::{Cause, Error, Mail, Mailer, Misconfigured, message};
use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{self, response::Category},
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::Url;

/// How long one address of the server may take to answer the phone.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a whole conversation may take. The transport's own limit ends with the connection; a
/// server that is silent after that would be waited for without end.
const CONVERSATION_TIMEOUT: Duration = Duration::from_secs(30);

/// Hands mails to one SMTP server.
pub(crate) struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMailer {
    /// Connects when first used.
    pub(crate) fn new(url: &SecretString, from: &str) -> Result<Self, Misconfigured> {
        let url = url.expose_secret();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| Misconfigured::Url(error.into()))?;
        if shows_its_password(url).map_err(|error| Misconfigured::Url(error.into()))? {
            return Err(Misconfigured::PasswordInClear);
        }
        Ok(Self {
            transport: transport.timeout(Some(CONNECTION_TIMEOUT)).build(),
            from: message::sender(from).map_err(Misconfigured::Sender)?,
        })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), Error> {
        let message = message::message(&self.from, mail).map_err(Error::Refused)?;
        match tokio::time::timeout(CONVERSATION_TIMEOUT, self.transport.send(message)).await {
            Ok(Ok(_accepted)) => Ok(()),
            Ok(Err(error)) if is_final(&error) => Err(Error::Refused(error.into())),
            Ok(Err(error)) => Err(Error::Unavailable(error.into())),
            Err(elapsed) => Err(Error::Unavailable(Cause::from(elapsed))),
        }
    }

    async fn try_out(&self) -> Result<(), Error> {
        let trial = self.transport.test_connection();
        match tokio::time::timeout(CONVERSATION_TIMEOUT, trial).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Error::Unavailable("it does not answer as one".into())),
            Ok(Err(error)) => Err(Error::Unavailable(error.into())),
            Err(elapsed) => Err(Error::Unavailable(Cause::from(elapsed))),
        }
    }
}

/// Whether the URL has a password and would send it to a server that does not encrypt.
/// `tls=opportunistic` is no protection: whoever listens can also take the offer of TLS away.
fn shows_its_password(url: &str) -> Result<bool, url::ParseError> {
    let url = Url::parse(url)?;
    // The first one counts, as it does for the transport.
    let tls = url.query_pairs().find(|(key, _)| key == "tls");
    let is_encrypted = url.scheme() == "smtps" || tls.is_some_and(|(_, value)| value == "required");
    Ok(url.password().is_some() && !is_encrypted)
}

/// Whether the server will never take this mail. 53x is about our log-in: the mail can go out once an
/// administrator has put that right.
fn is_final(error: &smtp::Error) -> bool {
    error.is_permanent()
        && error
            .status()
            .is_some_and(|code| code.category != Category::Unspecified3)
}
