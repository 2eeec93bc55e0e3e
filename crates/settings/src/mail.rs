//! Mail.

use crate::{Env, Error};
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
        let (url, from) = (env.optional_secret("SMTP_URL")?, env.optional("MAIL_FROM"));
        let server = match (url, from) {
            (None, _) => None,
            (Some(_), None) => return Err(Error::Missing("MAIL_FROM".to_owned())),
            (Some(url), Some(from)) => Some(MailServer { url, from }),
        };
        Ok(Self { server })
    }
}
