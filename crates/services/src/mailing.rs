//! Sending mail beside the request, and trying again when the mail server is away.

use crate::Services;
use domain::{Error, Kind, UserId};
use mail::Mail;
use std::{error::Error as StdError, time::Duration};

/// How long to wait before each further try.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(8),
    Duration::from_secs(25),
    Duration::from_secs(60),
];

impl Services {
    /// Whether the vault sends mail.
    pub fn sends_mail(&self) -> bool {
        self.parts.accounts.sends_mail
    }

    /// Refuses what can't be done without mail.
    pub(crate) fn need_mail(&self, otherwise: &str) -> Result<(), Error> {
        if self.sends_mail() {
            return Ok(());
        }
        Err(Error::new(
            Kind::Conflict,
            "mail_not_configured",
            format!("This vault sends no mail. {otherwise}"),
        ))
    }

    /// Sends a mail beside the request: nobody waits for it. The log names the account that it is
    /// about, and no address.
    pub(crate) fn post(&self, about: UserId, mail: Mail) {
        let services = self.clone();
        self.tasks.spawn(async move {
            if let Err(error) = services.send(&mail).await {
                tracing::warn!(
                    account = %about,
                    %error,
                    cause = without_addresses(&error),
                    "a mail about account {about} was not sent"
                );
            }
        });
    }

    /// Tries several times if the mail server is away, unless our own server stops meanwhile.
    async fn send(&self, mail: &Mail) -> Result<(), mail::Error> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let error = match self.parts.accounts.mailer.send(mail).await {
                Err(error @ mail::Error::Unavailable(_)) => error,
                outcome => return outcome,
            };
            let Some(pause) = pauses.next() else {
                return Err(error);
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.stopping.cancelled() => return Err(error),
            }
        }
    }
}

/// What lies beneath an error, in words; mail servers like to repeat the address.
fn without_addresses(error: &dyn StdError) -> String {
    let causes = std::iter::successors(error.source(), |error| (*error).source());
    let text = causes
        .map(|cause| cause.to_string())
        .collect::<Vec<_>>()
        .join(": ");
    let words = text
        .split_whitespace()
        .map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_does_not_repeat_addresses() {
        let said = "451 4.7.1 <ada@example.org>: Recipient address rejected: greylisted";
        assert_eq!(
            without_addresses(&mail::Error::Unavailable(said.into())),
            "451 4.7.1 … Recipient address rejected: greylisted"
        );
    }
}
