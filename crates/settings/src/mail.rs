//! Mail.

use crate::{Env, Error, passes};
use secrecy::SecretString;

/// Whether and how the vault sends mail.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// The mail server; a vault without one sends no mail.
    pub server: Option<MailServer>,
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Where it is, with what lets us in.
    pub url: SecretString,
    /// Who sends.
    pub from: String,
}

impl Mail {
    /// Reads it.
    ///
    /// # Errors
    /// `Missing` for the sender of a vault that has a mail server, too.
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        let url = env.optional_secret_that(
            "SMTP_URL",
            |url| passes::has_scheme(url, &["smtp", "smtps"]),
            &passes::address("smtps://user:password@host"),
        )?;
        let from = env.optional("MAIL_FROM")?;
        if from.as_deref().is_some_and(|from| !passes::is_sender(from)) {
            return Err(Error::unacceptable(
                "MAIL_FROM",
                "an address, or a name and an address such as DocuVault <vault@example.org>",
            ));
        }
        let server = match (url, from) {
            (None, _) => None,
            (Some(_), None) => return Err(Error::Missing("MAIL_FROM".to_owned())),
            (Some(url), Some(from)) => Some(MailServer { url, from }),
        };
        Ok(Self { server })
    }
}
