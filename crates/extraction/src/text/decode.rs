//! Bytes in any encoding to text. Never fails: what can't be decoded becomes replacement characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Whether the text may name its own encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    None,
    /// `<meta charset>` counts, after a byte order mark and valid UTF-8.
    Html,
}

/// Where HTML may name its encoding, in bytes from its start.
const META_REACH: usize = 1024;
/// One bad byte among this many good characters is damage, not another encoding.
const GOOD_FOR_ONE_BAD: usize = 20;
/// The guess looks at this much; it costs time, and more tells nothing new.
const GUESSED_BYTES: usize = 1 << 20;

/// Decodes bytes by byte order mark, UTF-8, the page's own word, or the best guess, in this order.
pub(crate) fn decode(bytes: &[u8], markup: Markup) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    if is_mostly_utf8(bytes) && !looks_like_utf16(bytes) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let encoding = declared(bytes, markup).unwrap_or_else(|| guess(bytes));
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Whether decoded text is more than noise: a binary file gives control characters and replacements.
pub(crate) fn is_readable(text: &str) -> bool {
    let (mut all, mut bad) = (0_usize, 0_usize);
    for c in text.chars() {
        all += 1;
        if c == '\u{fffd}' || (c.is_control() && !is_layout(c)) {
            bad += 1;
        }
    }
    bad == 0 || bad.saturating_mul(GOOD_FOR_ONE_BAD) < all
}

/// Control characters that are at home in texts; escape starts a shift in Japanese mail.
fn is_layout(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}' | '\u{1a}')
}

fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || bad.saturating_mul(GOOD_FOR_ONE_BAD) < good
}

/// UTF-16 without a mark: Latin text has a zero in nearly every second byte.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    zeros(bytes, 0).max(zeros(bytes, 1)) * 4 > bytes.len().min(GUESSED_BYTES)
        && zeros(bytes, 0).min(zeros(bytes, 1)) * 16 < bytes.len()
}

fn zeros(bytes: &[u8], from: usize) -> usize {
    bytes
        .iter()
        .take(GUESSED_BYTES)
        .skip(from)
        .step_by(2)
        .filter(|b| **b == 0)
        .count()
}

/// What `<meta charset=...>` or `<meta ... content="...; charset=...">` says.
fn declared(bytes: &[u8], markup: Markup) -> Option<&'static Encoding> {
    if markup == Markup::None {
        return None;
    }
    let head = bytes
        .get(..META_REACH)
        .unwrap_or(bytes)
        .to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let (_, after) = head.split_once("charset")?;
    let value = after
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .trim_start_matches(['"', '\'']);
    let label: String = value
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    // A page whose `meta` could be read as ASCII is not in UTF-16, whatever it says.
    Encoding::for_label(label.as_bytes()).filter(|e| *e != UTF_16LE && *e != UTF_16BE)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if looks_like_utf16(bytes) {
        return if zeros(bytes, 0) > zeros(bytes, 1) {
            UTF_16BE
        } else {
            UTF_16LE
        };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes.get(..GUESSED_BYTES).unwrap_or(bytes), true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
    use proptest::prelude::*;

    const GERMAN: &str = "Sehr geehrte Damen und Herren, die Prüfung der Gebühren für das Jahr hat sich verzögert. \
                          Wir bitten höflich um Geduld und grüßen Sie herzlich.";

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let mark_le = [&[0xff, 0xfe][..], &utf16(GERMAN, u16::to_le_bytes)].concat();
        let mark_be = [&[0xfe, 0xff][..], &utf16(GERMAN, u16::to_be_bytes)].concat();
        let cases: [(&str, Vec<u8>); 7] = [
            ("UTF-8", GERMAN.as_bytes().to_vec()),
            (
                "UTF-8 with mark",
                [&[0xef, 0xbb, 0xbf][..], GERMAN.as_bytes()].concat(),
            ),
            ("UTF-16LE with mark", mark_le),
            ("UTF-16BE with mark", mark_be),
            ("UTF-16LE", utf16(GERMAN, u16::to_le_bytes)),
            ("UTF-16BE", utf16(GERMAN, u16::to_be_bytes)),
            ("Windows-1252", WINDOWS_1252.encode(GERMAN).0.into_owned()),
        ];
        for (name, bytes) in cases {
            assert_eq!(decode(&bytes, Markup::None), GERMAN, "{name}");
        }
    }

    #[test]
    fn other_scripts_are_guessed() {
        let russian = "Уважаемые жильцы, оплата за электричество увеличится с первого января.";
        assert_eq!(
            decode(&WINDOWS_1251.encode(russian).0, Markup::None),
            russian
        );
        let japanese = "電気料金のお知らせ。来月から契約の内容が変わります。";
        assert_eq!(
            decode(&SHIFT_JIS.encode(japanese).0, Markup::None),
            japanese
        );
    }

    #[test]
    fn one_bad_byte_does_not_change_the_encoding() {
        let mut bytes = GERMAN.repeat(10).into_bytes();
        bytes.push(0xff);
        let text = decode(&bytes, Markup::None);
        assert!(text.starts_with(GERMAN));
        assert!(text.ends_with('\u{fffd}'));
    }

    #[test]
    fn a_page_may_name_its_encoding() {
        let page = b"<html><meta charset='windows-1251'><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>";
        assert!(decode(page, Markup::Html).contains("Привет"));
    }

    #[test]
    fn noise_is_not_readable() {
        assert!(is_readable("A line.\r\n\tAnother one.\u{c}"));
        assert!(is_readable(""));
        assert!(!is_readable("\0\u{1}\u{2}ELF\0\0"));
        assert!(!is_readable("\u{fffd}\u{fffd}a"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded(bytes: Vec<u8>) {
            is_readable(&decode(&bytes, Markup::None));
            decode(&bytes, Markup::Html);
            let declared = [b"<meta charset=", &bytes[..]].concat();
            decode(&declared, Markup::Html);
        }

        #[test]
        fn utf8_stays_as_it_is(text in "[^\u{0}\u{feff}]*") {
            prop_assert_eq!(decode(text.as_bytes(), Markup::None), text);
        }
    }
}
