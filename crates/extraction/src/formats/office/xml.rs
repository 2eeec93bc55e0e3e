//! XML event by event, under limits. No entity is expanded but those of XML itself, nothing is fetched,
//! and what is read goes through a source that counts.

use super::super::collect::Flow;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::{BufRead, ErrorKind};

/// Elements within elements. Office programs stay far below.
const MAX_DEPTH: usize = 256;

/// What stands in a document. Names are without their prefix.
pub(super) enum Token<'a> {
    Open(Element<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// Why a document can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Damaged,
    TooDeep,
    Entities,
    TooLarge,
}

impl From<quick_xml::Error> for Trouble {
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
                Self::TooLarge
            }
            _ => Self::Damaged,
        }
    }
}

/// A start tag.
pub(super) struct Element<'a>(&'a BytesStart<'a>);

impl Element<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of an attribute, whatever its prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    /// The value of an attribute that has a prefix: `r:id` beside `id`.
    pub fn prefixed(&self, name: &str) -> Option<String> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    /// A count in an attribute; 1 when there is none.
    pub fn count(&self, name: &str) -> usize {
        self.attribute(name)
            .and_then(|value| value.trim().parse().ok())
            .unwrap_or(1)
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let mut attributes = self.0.attributes();
        // Looking for duplicates takes time that grows with the square of their number.
        attributes.with_checks(false);
        let found = attributes
            .flatten()
            .find(|attribute| wanted(attribute.key.into_inner()))?;
        let value = quick_xml::escape::unescape(&found.value).ok()?;
        Some(value.into_owned())
    }
}

/// Shows every token to `visit`, until that breaks off or the document ends.
pub(super) fn walk(
    source: impl BufRead,
    mut visit: impl FnMut(Token<'_>) -> Flow,
) -> Result<(), Trouble> {
    let mut reader = Reader::from_reader(source);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    loop {
        buffer.clear();
        let flow = match reader.read_event_into(&mut buffer)? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Trouble::TooDeep);
                }
                visit(Token::Open(Element(&start)))
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Token::Close(end.local_name().into_inner()))
            }
            Event::Text(text) => visit(Token::Text(&text)),
            Event::CData(text) => visit(Token::Text(&text)),
            Event::GeneralRef(name) => match character(&name) {
                Some(c) => visit(Token::Text(c.encode_utf8(&mut [0; 4]))),
                None => Flow::Continue(()),
            },
            Event::DocType(kind) if kind.contains('[') => return Err(Trouble::Entities),
            Event::Eof if depth > 0 => return Err(Trouble::Damaged),
            Event::Eof => return Ok(()),
            _ => Flow::Continue(()),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

/// A character reference, or one of the five entities that every document has.
fn character(reference: &BytesRef<'_>) -> Option<char> {
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(xml: &[u8]) -> Result<String, Trouble> {
        let mut all = String::new();
        walk(xml, |token| {
            if let Token::Text(text) = token {
                all.push_str(text);
            }
            Flow::Continue(())
        })
        .map(|()| all)
    }

    #[test]
    fn references_are_characters_and_unknown_ones_are_nothing() {
        assert_eq!(
            text_of(b"<a>x &lt;&amp;&#65;&#x42; <![CDATA[<c>]]>&who;</a>").as_deref(),
            Ok("x <&AB <c>")
        );
    }

    #[test]
    fn no_entity_is_declared() {
        let laughs = b"<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><a>&b;</a>";
        assert_eq!(text_of(laughs), Err(Trouble::Entities));
        let elsewhere = b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>x</a>";
        assert_eq!(text_of(elsewhere).as_deref(), Ok("x"));
    }

    #[test]
    fn depth_and_ends_are_looked_at() {
        assert_eq!(text_of("<a>".repeat(300).as_bytes()), Err(Trouble::TooDeep));
        assert_eq!(text_of(b"<a><b>x</b>"), Err(Trouble::Damaged));
        assert_eq!(text_of(b"<a></b>"), Err(Trouble::Damaged));
        assert_eq!(text_of(b"<a>\xff\xfe</a>"), Err(Trouble::Damaged));
    }

    #[test]
    fn attributes_are_found_by_name() {
        let mut seen = Vec::new();
        walk(&b"<s id='1' r:id='x&amp;y' n='z' n='w'/>"[..], |token| {
            if let Token::Open(element) = token {
                seen.push((element.attribute("id"), element.prefixed("id")));
                assert_eq!(
                    (element.attribute("n"), element.count("n")),
                    (Some("z".to_owned()), 1)
                );
            }
            Flow::Continue(())
        })
        .expect("sound");
        assert_eq!(seen, [(Some("1".to_owned()), Some("x&y".to_owned()))]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let _either = text_of(&bytes);
        }

        #[test]
        fn any_markup_ends(pieces in prop::collection::vec(prop::sample::select(vec![
            "<a>", "</a>", "<b x='1' x=\"2\" y>", "<c/>", "text", "&amp;", "&#0;", "&#xffffffff;", "&x;", "&",
            "<![CDATA[", "]]>", "<!--", "-->", "<?x", "?>", "<!DOCTYPE", "<!DOCTYPE a>", "\u{feff}", "<", ">", "'", "\"",
        ]), 0..30)) {
            let _either = text_of(pieces.concat().as_bytes());
        }
    }
}
