//! How many parts an e-mail may come apart into, counted before it is parsed: the parser takes e-mails in
//! e-mails apart by calling itself, and lets go of them the same way, one stack frame for each level.
//!
//! What is counted is never less than what the parser finds, and of real e-mails hardly more. E-mails
//! that are encoded inside of others (base64, quoted-printable) are decoded here for that, as deep as the
//! parser goes.

use mail_parser::parsers::MessageStream;

/// How often the parser decodes an e-mail inside of a decoded e-mail.
const DEPTH: u32 = 3;
/// Encoded e-mails in one e-mail. There should be none: the standard has them stand there as they are.
const MAX_ENCODED: usize = 20;

/// Whether there may be more than so many parts.
pub(super) fn has_more_than(most: usize, mail: &[u8]) -> bool {
    count(mail, DEPTH, most) > most
}

/// Stops counting once there are too many.
fn count(mail: &[u8], depth: u32, most: usize) -> usize {
    let mut parts = lines(mail)
        .filter(|line| is_header(line, b"content-type"))
        .count();
    if depth == 0 {
        return parts;
    }
    let encoded = encoded_mails(mail);
    if encoded.len() > MAX_ENCODED {
        return usize::MAX;
    }
    for (encoding, body) in encoded {
        if parts > most {
            break;
        }
        parts = parts.saturating_add(count(&encoding.decode(body), depth - 1, most));
    }
    parts
}

/// Lines with their ends.
fn lines(mail: &[u8]) -> impl Iterator<Item = &[u8]> {
    mail.split_inclusive(|byte| *byte == b'\n')
}

/// Whether a line begins with this header, as the parser sees it: blanks don't count.
fn is_header(line: &[u8], name: &[u8]) -> bool {
    let mut expected = name.iter();
    let mut begun = false;
    for byte in line.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        match expected.next() {
            // The parser passes over these at the beginning.
            _ if *byte == b':' && !begun => expected = name.iter(),
            None => return *byte == b':',
            Some(next) if byte.eq_ignore_ascii_case(next) => begun = true,
            Some(_) => return false,
        }
    }
    false
}

/// How an e-mail in an e-mail is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Base64,
    QuotedPrintable,
}

impl Encoding {
    /// Whether a header may say so: in words of another alphabet it could be either.
    fn is_named_in(self, value: &[u8]) -> bool {
        let name: &[u8] = match self {
            Self::Base64 => b"base64",
            Self::QuotedPrintable => b"quoted",
        };
        contains(value, name) || contains(value, b"=?")
    }

    fn decode(self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Base64 => {
                // Two dashes can only begin the line that divides it off.
                let end = body.windows(2).position(|pair| pair == b"--");
                let body = body.get(..end.unwrap_or(body.len())).unwrap_or_default();
                let (_end, decoded) = MessageStream::new(body).decode_base64_mime(b"");
                decoded.into_owned()
            }
            Self::QuotedPrintable => quoted_printable(body),
        }
    }
}

/// What may be encoded e-mails: where the headers of a part say so, everything after them. Stops once
/// there are too many.
fn encoded_mails(mail: &[u8]) -> Vec<(Encoding, &[u8])> {
    let has_digests = contains(mail, b"digest");
    let mut found = Vec::new();
    let mut rest = mail;
    while !rest.is_empty() && found.len() <= MAX_ENCODED {
        let (headers, body) = next_headers(rest);
        if may_be_a_mail(headers, has_digests) {
            let bodies = || soft_ends(headers, rest).chain([body]).take(MAX_ENCODED);
            for encoding in [Encoding::Base64, Encoding::QuotedPrintable] {
                let mut said = values(headers, b"content-transfer-encoding");
                if said.any(|value| encoding.is_named_in(value)) {
                    found.extend(bodies().map(|body| (encoding, body)));
                }
            }
        }
        rest = body;
    }
    found
}

/// Lines up to the next one that surely ends headers, and what follows it.
fn next_headers(mail: &[u8]) -> (&[u8], &[u8]) {
    let mut end = 0;
    for line in lines(mail) {
        end += line.len();
        if line.trim_ascii().is_empty() && !is_continued(line) {
            break;
        }
    }
    mail.split_at(end)
}

/// A line that belongs to the one before.
fn is_continued(line: &[u8]) -> bool {
    matches!(line.first(), Some(b' ' | b'\t'))
}

/// What follows lines of nothing but blanks: they end headers as well, unless they go on with one.
fn soft_ends<'m>(headers: &'m [u8], mail: &'m [u8]) -> impl Iterator<Item = &'m [u8]> {
    let ends = lines(headers).scan(0, |end, line| {
        *end += line.len();
        Some((*end, line))
    });
    ends.filter(|(_, line)| is_continued(line) && line.trim_ascii().is_empty())
        .filter_map(|(end, _)| mail.get(end..))
}

/// What these headers say after their name, up to the end of the lines that belong to it.
fn values<'m>(headers: &'m [u8], name: &'static [u8]) -> impl Iterator<Item = &'m [u8]> {
    let starts = lines(headers).scan(0, |end, line| {
        let start = *end;
        *end += line.len();
        Some((start, line))
    });
    starts
        .filter(move |(_, line)| is_header(line, name))
        .filter_map(move |(start, line)| {
            let more = lines(headers.get(start + line.len()..)?)
                .take_while(|line| is_continued(line))
                .map(<[u8]>::len)
                .sum::<usize>();
            headers.get(start..start + line.len() + more)
        })
}

/// Whether a part with these headers may be an e-mail. In a digest parts are, unless they say something
/// else.
fn may_be_a_mail(headers: &[u8], has_digests: bool) -> bool {
    let mut types = values(headers, b"content-type").peekable();
    if types.peek().is_none() {
        return has_digests;
    }
    types.any(|value| {
        // A comment may hold anything.
        let is_plain = !value.contains(&b'(');
        let end = value.iter().position(|byte| is_plain && *byte == b';');
        contains(
            value.get(..end.unwrap_or(value.len())).unwrap_or_default(),
            b"message",
        )
    })
}

/// Whether these letters stand there, large or small.
fn contains(text: &[u8], letters: &[u8]) -> bool {
    text.windows(letters.len())
        .any(|window| window.eq_ignore_ascii_case(letters))
}

/// As lenient as can be: what makes no sense stands for itself.
fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            decoded.push(byte);
            continue;
        }
        let blanks = after
            .iter()
            .take_while(|byte| matches!(**byte, b' ' | b'\t' | b'\r'));
        let blanks = blanks.count();
        if after.get(blanks) == Some(&b'\n') {
            rest = after.get(blanks + 1..).unwrap_or_default();
        } else if let (Some(high), Some(low)) = (digit(after.first()), digit(after.get(1))) {
            decoded.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            rest = after.get(2..).unwrap_or_default();
        } else {
            decoded.push(byte);
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use mail_parser::{Message, MessageParser, PartType};
    use proptest::prelude::*;

    const MAIL: &str = "Content-Type: message/rfc822\n";

    fn in_base64(mail: &str) -> String {
        let lines: Vec<String> = STANDARD
            .encode(mail)
            .as_bytes()
            .chunks(76)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        format!(
            "{MAIL}Content-Transfer-Encoding: base64\n\n{}\n",
            lines.join("\n")
        )
    }

    fn in_quoted_printable(mail: &str) -> String {
        let body: String = mail.bytes().map(|byte| format!("={byte:02X}")).collect();
        format!("{MAIL}content-transfer-encoding:\n quoted-printable\n\n{body}\n")
    }

    /// E-mails in each other, so deep.
    fn nested(levels: usize) -> String {
        format!("{}\nwords\n", format!("{MAIL}\n").repeat(levels))
    }

    #[test]
    fn what_stands_there_is_counted_however_it_is_written() {
        let mail = b"Content-Type: a\r\ncontent-TYPE : b\n : Con tent-Type:c\nx content-type: d\nContent-Typ: e";
        assert_eq!(count(mail, 0, 100), 3);
    }

    #[test]
    fn what_is_encoded_is_counted_too() {
        for encode in [in_base64, in_quoted_printable] {
            assert_eq!(count(encode(&nested(50)).as_bytes(), DEPTH, 100), 51);
            let twice = encode(&in_base64(&nested(50)));
            assert_eq!(count(twice.as_bytes(), DEPTH, 100), 52);
            assert!(has_more_than(2000, encode(&nested(5000)).as_bytes()));
        }
        let digest = "Content-Type: multipart/digest; boundary=b\n\n--b\nContent-Transfer-Encoding: base64\n\n";
        let digest = format!("{digest}{}\n--b--\n", STANDARD.encode(nested(50)));
        assert_eq!(count(digest.as_bytes(), DEPTH, 100), 51);
    }

    #[test]
    fn an_attachment_is_no_part_of_its_mail() {
        let attached = in_base64(&nested(5000)).replace("message/rfc822", "text/plain");
        assert_eq!(count(attached.as_bytes(), DEPTH, 100), 1);
    }

    #[test]
    fn many_encoded_mails_are_too_many() {
        let many = in_base64("Subject: a\n\nb").repeat(MAX_ENCODED + 1);
        assert!(has_more_than(2000, many.as_bytes()));
    }

    /// How many parts of a type the parser finds, and how deep they stand in each other.
    fn parsed(message: &Message<'_>) -> usize {
        let inside = |part: &mail_parser::MessagePart<'_>| match &part.body {
            PartType::Message(message) => 1 + parsed(message),
            _ => 0,
        };
        message.parts.iter().map(inside).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        /// Whatever stands there: the parser finds no more e-mails in it than were counted.
        #[test]
        fn no_less_is_counted_than_is_found(pieces in prop::collection::vec(prop::sample::select(vec![
            MAIL, "Content-Type: multipart/mixed; boundary=b\n", "Content-Type: multipart/digest; boundary=b\n",
            "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "Con tent-type:message/rfc822\n",
            "Subject: x\n", "x\n", " \n", " x\n", "\n", "--b\n", "--b--\n", "words\n", "Q29udGVudC1UeXBlOiBtZXNzYWdlL3JmYzgyMgoKU3ViamVjdDogYQoKYgo=\n",
            "Content-Type: message/rfc=38=32=32=0A=0ASubject: a=0A=0Ab\n",
        ]), 0..30)) {
            let mail = pieces.concat();
            if let Some(message) = MessageParser::default().parse(mail.as_bytes()) {
                let counted = count(mail.as_bytes(), DEPTH, usize::MAX);
                prop_assert!(parsed(&message) <= counted.saturating_add(pieces.iter().filter(|piece| piece.contains("digest")).count() * pieces.len()));
            }
        }

        #[test]
        fn any_bytes_are_counted(bytes: Vec<u8>) {
            count(&bytes, DEPTH, 100);
            let with_start = [MAIL.as_bytes(), b"Content-Transfer-Encoding: quoted-printable\n\n", &bytes].concat();
            count(&with_start, DEPTH, 100);
        }
    }
}
