//! From a [`Mail`] to the bytes of a message. Nothing of it is put together by hand: every header
//! goes through a type that knows how to write it.

use crate::{Cause, Mail};
use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use std::str::FromStr;
use uuid::Uuid;

/// RFC 3834: mail programs send no "I am away" in answer to these.
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// The message, as it goes over the wire.
pub(crate) fn message(from: &Mailbox, mail: &Mail) -> Result<Message, Cause> {
    let to = Mailbox::new(None, checked(&mail.to)?);
    let id = format!("<{}@{}>", Uuid::new_v4().simple(), from.email.domain());
    let message = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(one_line(&mail.subject)?)
        .message_id(Some(id))
        .raw_header(HeaderValue::new(
            AUTO_SUBMITTED,
            "auto-generated".to_owned(),
        ))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())?;
    Ok(message)
}

/// The sender's address, with or without a name.
pub(crate) fn sender(text: &str) -> Result<Mailbox, Cause> {
    Ok(Mailbox::from_str(one_line(text)?)?)
}

fn checked(address: &str) -> Result<Address, Cause> {
    Ok(Address::from_str(one_line(address)?)?)
}

/// A line break in a header begins another header. The types would encode it away; whoever sends one
/// is up to something, and is told so.
fn one_line(text: &str) -> Result<&str, Cause> {
    if text.chars().any(char::is_control) {
        return Err("a line break or another control character where none may be".into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is put into it, no line of the head is one that it did not have.
        #[test]
        fn no_text_makes_a_header_of_its_own(
            to in "([a-z.]{1,10}@[a-z.]{1,10}|[\\PC\r\n]{0,30})",
            subject in "([\\PC]{0,60}|[a-z \r\n:]{0,40}Bcc: a@example\\.org)",
            text in "[\\PC\r\n]{0,80}",
        ) {
            let from = sender("DocuVault <vault@example.org>").expect("a sender");
            let mail = Mail { to, subject, text };
            if let Ok(message) = message(&from, &mail) {
                let bytes = message.formatted();
                let whole = String::from_utf8_lossy(&bytes);
                let (head, _) = whole.split_once("\r\n\r\n").expect("a head");
                let names: Vec<&str> = head
                    .split("\r\n")
                    .filter(|line| !line.starts_with([' ', '\t']))
                    .filter_map(|line| line.split_once(':').map(|(name, _)| name))
                    .collect();
                for name in names {
                    let known = ["From", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Date"];
                    prop_assert!(known.contains(&name), "{}", name);
                }
            }
        }

        #[test]
        fn any_sender_is_one_or_refused(text in "[\\PC\r\n<>@.,\"]{0,60}") {
            prop_assert!(sender(&text).is_err() || !text.contains(['\r', '\n']));
        }
    }
}
