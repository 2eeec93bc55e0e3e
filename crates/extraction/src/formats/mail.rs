//! E-mails: who wrote whom, when, about what, and the text. Attachments are taken out.

use super::{Content, Job, collect::Pages, nesting, plain, unpack::Unpacking};
use crate::Failure;
use crate::sniff::{SNIFF_BYTES, sniff};
use domain::FileName;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// Parts of one e-mail, those of e-mails inside of it among them.
const MAX_PARTS: usize = 2_000;
/// Addresses that are written down.
const MAX_ADDRESSES: usize = 200;
/// Pictures that the text shows, up to this size, are logos and lines.
const DECORATION: usize = 32 << 10;

const TOO_LARGE: &str = "The e-mail is too large to be read. Save its attachments and upload them.";
const TOO_MANY: &str = "The e-mail has more than 2,000 parts, more than one e-mail is allowed. Save its attachments and upload them.";
const DAMAGED: &str = "The e-mail is damaged or incomplete. Save it again in your mail program and upload the new copy.";

pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    let (bytes, more) = job.bytes(job.request.memory_bytes / 8)?;
    if more {
        return Err(Failure::permanent(TOO_LARGE));
    }
    if nesting::has_more_than(MAX_PARTS, &bytes) {
        return Err(Failure::permanent(TOO_MANY));
    }
    let message = MessageParser::default()
        .parse(&bytes)
        .filter(|message| !message.headers().is_empty())
        .ok_or_else(|| Failure::permanent(DAMAGED))?;
    let mut pages = Pages::new(job);
    write(&message, &mut pages)?;
    let mut unpacking = Unpacking::new(job);
    for (number, part) in (1..).zip(message.attachments()) {
        if is_decoration(&message, part) {
            continue;
        }
        if unpacking.is_closed() {
            unpacking.leave_out(
                "attachments",
                "this e-mail was inside too many others; upload it by itself",
            );
            break;
        }
        let content = contents(part);
        let name = name_of(part, number, content);
        unpacking.take(&name, content.len() as u64, content)?;
    }
    Ok(unpacking.into_content(pages.into_cut_pages()))
}

/// Writes headers and text.
fn write(message: &Message<'_>, pages: &mut Pages) -> Result<(), Failure> {
    let date = message.date().map(mail_parser::DateTime::to_rfc822);
    let lines = [
        ("From", message.from().map(people)),
        ("To", message.to().map(people)),
        ("Cc", message.cc().map(people)),
        ("Date", date),
        ("Subject", message.subject().map(str::to_owned)),
    ];
    for (name, value) in lines {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let one_line = value.replace(['\r', '\n'], " ");
            if pages.push(&format!("{name}: {one_line}\n")).is_break() {
                return Ok(());
            }
        }
    }
    let _full = pages.push("\n");
    for part in message.text_bodies() {
        let text = match &part.body {
            PartType::Text(text) => text.clone().into_owned(),
            PartType::Html(html) => plain::html_text(html)?,
            _ => continue,
        };
        if pages.push(&text).is_break() || pages.push("\n").is_break() {
            break;
        }
    }
    Ok(())
}

fn people(addresses: &Address<'_>) -> String {
    let shown: Vec<String> = addresses
        .iter()
        .take(MAX_ADDRESSES)
        .map(|one| match (one.name(), one.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (name, address) => name.or(address).unwrap_or_default().to_owned(),
        })
        .collect();
    shown.join(", ")
}

/// A small picture that the text shows: a logo, not an attachment.
fn is_decoration(message: &Message<'_>, part: &MessagePart<'_>) -> bool {
    let is_picture = part
        .content_type()
        .is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    let Some(id) = part.content_id().filter(|id| !id.is_empty()) else {
        return false;
    };
    is_picture
        && part.contents().len() <= DECORATION
        && message.html_bodies().any(|body| match &body.body {
            PartType::Html(html) => html.contains(&format!("cid:{id}")),
            _ => false,
        })
}

fn contents<'a>(part: &'a MessagePart<'_>) -> &'a [u8] {
    match &part.body {
        PartType::Message(message) => message.raw_message(),
        _ => part.contents(),
    }
}

/// The name that the attachment has, or one by its content.
fn name_of(part: &MessagePart<'_>, number: usize, content: &[u8]) -> String {
    if let Some(name) = part
        .attachment_name()
        .filter(|name| !name.trim().is_empty())
    {
        // An attachment has a name and no folder.
        return name.replace(['/', '\\'], "_");
    }
    if let PartType::Message(message) = &part.body {
        let subject = message.subject().unwrap_or("message");
        let short: String = subject
            .replace(['/', '\\'], "_")
            .chars()
            .take(100)
            .collect();
        return format!("{}.eml", short.trim().trim_end_matches('.'));
    }
    let head = content.get(..SNIFF_BYTES).unwrap_or(content);
    let ending = FileName::parse("attachment")
        .ok()
        .and_then(|name| sniff(head, &name).ok())
        .map_or("", domain::FileType::key_extension);
    format!("attachment {number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(mail: &[u8]) -> Option<String> {
        let message = MessageParser::default().parse(mail)?;
        let mut pages = Pages::within(100_000, 100);
        write(&message, &mut pages).expect("text");
        Some(pages.into_cut_pages().pages.join("\n"))
    }

    #[test]
    fn headers_and_text_are_the_text() {
        let mail = b"From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.org>\r\nTo: a@example.org, B <b@example.org>\r\n\
            Subject: Rent\r\nDate: Sat, 31 May 2025 10:00:00 +0200\r\nContent-Type: text/html\r\n\r\n<p>Pay <b>now</b></p>";
        let text = text(mail).expect("a mail");
        for words in [
            "From: Jürgen <juergen@example.org>",
            "To: a@example.org, B <b@example.org>",
            "Date: Sat, 31 May 2025 10:00:00 +0200",
            "Subject: Rent",
            "Pay now",
        ] {
            assert!(text.contains(words), "{words} is missing in {text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let _either = text(&bytes);
        }

        #[test]
        fn any_lines_end(lines in prop::collection::vec(prop::sample::select(vec![
            "From: a@example.org", "Subject: =?utf-8?b?w7w=?=", "Subject: =?x?q?=ff?=", "Date: Sat, 99 Foo 2025", "Content-Type: multipart/mixed; boundary=b",
            "Content-Type: multipart/alternative; boundary=\"c\"", "Content-Type: message/rfc822", "Content-Type: text/html; charset=x", "Content-Transfer-Encoding: base64",
            "", "--b", "--b--", "--c", "--c--", "words", "/////w==", "=ff=", "Content-Disposition: attachment; filename*=utf-8''%ff",
        ]), 0..40)) {
            let mail = lines.join("\r\n");
            if let Some(message) = MessageParser::default().parse(mail.as_bytes()) {
                for (number, part) in (1..).zip(message.attachments()) {
                    prop_assert!(!name_of(part, number, contents(part)).is_empty());
                    is_decoration(&message, part);
                }
            }
            let _either = text(mail.as_bytes());
        }
    }
}
