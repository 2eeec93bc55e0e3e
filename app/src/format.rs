//! Numbers and dates as people read them. No clock and no locale: what is rendered on the server
//! must read the same in the browser.

use time::OffsetDateTime;

/// The most characters of a text that a page carries; the whole is in the file and in the API.
pub(crate) const SHOWN_TEXT_CHARS: usize = 100_000;

/// A size in decimal units: `812 bytes`, `4.2 kB`, `1.3 GB`.
pub(crate) fn size(bytes: i64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    if bytes < 1_000 {
        return format!("{} bytes", bytes.max(0));
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = "kB";
    for next in UNITS.into_iter().skip(1) {
        // 999.95 would be shown as 1000.0.
        if value < 999.95 {
            break;
        }
        value /= 1_000.0;
        unit = next;
    }
    if value < 99.95 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}

/// A whole number in groups of three digits: `1,234,567`.
pub(crate) fn number(number: i64) -> String {
    let digits = number.max(0).to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A moment in UTC: `7 Mar 2026, 09:05 UTC`.
pub(crate) fn absolute(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let month: String = at.month().to_string().chars().take(3).collect();
    format!(
        "{} {month} {}, {:02}:{:02} UTC",
        at.day(),
        at.year(),
        at.hour(),
        at.minute()
    )
}

/// The same for machines (RFC 3339, to the second).
pub(crate) fn machine(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// How long ago a moment was, for the browser, which knows the time: `5 minutes ago`. After a
/// month the date says more, so it is `None` then.
pub(crate) fn ago(at_unix: i64, now_unix: i64) -> Option<String> {
    let seconds = now_unix - at_unix;
    let (count, unit) = match seconds {
        ..45 => return Some("just now".to_owned()),
        45..2_700 => ((seconds + 30) / 60, "minute"),
        2_700..79_200 => ((seconds + 1_800) / 3_600, "hour"),
        79_200..2_592_000 => ((seconds + 43_200) / 86_400, "day"),
        _ => return None,
    };
    let count = count.max(1);
    let plural = if count == 1 { "" } else { "s" };
    Some(format!("{count} {unit}{plural} ago"))
}

/// `1 document`, `3 documents`.
pub(crate) fn counted(count: i64, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// How sure a machine is, as a whole percentage. Never 100: no machine is certain.
pub(crate) fn percent(share: f32) -> String {
    // What 0.29 falls short of 0.29 as a float must not make it 28.
    let whole = (share.clamp(0.0, 1.0) * 100.0 + 0.001).floor();
    format!("{:.0} %", whole.min(99.0))
}

/// The first and last digits of a digest: enough to compare by eye.
pub(crate) fn short_digest(digest: &str) -> String {
    match (
        digest.get(..8),
        digest
            .len()
            .checked_sub(8)
            .and_then(|from| digest.get(from..)),
    ) {
        (Some(head), Some(tail)) if digest.len() > 16 => format!("{head}…{tail}"),
        _ => digest.to_owned(),
    }
}

/// Cuts a text to what a page carries.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
pub(crate) fn shorten_text(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(SHOWN_TEXT_CHARS) {
        text.truncate(end);
    }
    text
}

/// Whether a text is as long as a page carries, and so was probably cut.
pub(crate) fn was_shortened(text: &str) -> bool {
    text.chars().count() >= SHOWN_TEXT_CHARS
}

/// A value as it stands in a query string (RFC 3986).
pub(crate) fn query_value(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Text as it may stand between tags.
pub(crate) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn sizes() {
        let cases = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (999_949, "1000 kB"),
            (999_950, "1.0 MB"),
            (12_345_678, "12.3 MB"),
            (536_870_912, "537 MB"),
            (i64::MAX, "9223 PB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn long_numbers_are_grouped() {
        for (value, shown) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
            (-5, "0"),
        ] {
            assert_eq!(number(value), shown);
        }
    }

    #[test]
    fn dates_are_utc_whatever_the_offset() {
        let at = datetime!(2026-03-07 10:05:09 +1);
        assert_eq!(absolute(at), "7 Mar 2026, 09:05 UTC");
        assert_eq!(machine(at), "2026-03-07T09:05:09Z");
    }

    #[test]
    fn relative_dates() {
        let at = datetime!(2026-03-07 09:00 UTC);
        let cases = [
            (-60, Some("just now")),
            (44, Some("just now")),
            (45, Some("1 minute ago")),
            (125, Some("2 minutes ago")),
            (3_600, Some("1 hour ago")),
            (86_400, Some("1 day ago")),
            (20 * 86_400, Some("20 days ago")),
            (31 * 86_400, None),
        ];
        for (seconds, expected) in cases {
            assert_eq!(
                ago(at.unix_timestamp(), at.unix_timestamp() + seconds).as_deref(),
                expected,
                "{seconds}"
            );
        }
    }

    #[test]
    fn digests_are_shortened_only_when_that_helps() {
        assert_eq!(
            short_digest("0123456789abcdef0123456789abcdef"),
            "01234567…89abcdef"
        );
        assert_eq!(short_digest("0123456789abcdef"), "0123456789abcdef");
        assert_eq!(short_digest(""), "");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let cut = shorten_text("ä".repeat(SHOWN_TEXT_CHARS + 5));
        assert_eq!(cut.chars().count(), SHOWN_TEXT_CHARS);
        assert!(was_shortened(&cut));
        assert!(!was_shortened("short"));
    }

    #[test]
    fn query_values_are_encoded_byte_by_byte() {
        assert_eq!(query_value("Häuser & Co"), "H%C3%A4user%20%26%20Co");
        assert_eq!(query_value("a-b_c.d~e"), "a-b_c.d~e");
    }

    #[test]
    fn escaping_leaves_no_way_out_of_an_element() {
        let escaped = escape_html("</textarea><script>alert('1' & \"2\")</script>");
        assert_eq!(
            escaped,
            "&lt;/textarea&gt;&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;"
        );
    }

    #[test]
    fn words_for_numbers() {
        assert_eq!(counted(1, "document"), "1 document");
        assert_eq!(counted(0, "document"), "0 documents");
    }

    #[test]
    fn no_machine_is_certain() {
        let cases = [
            (0.0, "0 %"),
            (0.29, "29 %"),
            (0.926, "92 %"),
            (0.93, "93 %"),
            (0.999, "99 %"),
            (1.0, "99 %"),
            (7.0, "99 %"),
            (-1.0, "0 %"),
        ];
        for (share, expected) in cases {
            assert_eq!(percent(share), expected, "{share}");
        }
    }
}
