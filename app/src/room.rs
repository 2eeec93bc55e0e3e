//! Room for documents as people type it: a number and a unit, exact to the byte.

/// What room is counted in, the largest unit first, each with its number of zeros.
pub(crate) const UNITS: [(&str, usize); 3] = [("TB", 12), ("GB", 9), ("MB", 6)];

/// An amount of room as people edit it: a number, exact, and its unit.
pub(crate) fn split(bytes: i64) -> (String, &'static str) {
    let bytes = bytes.max(0);
    let digits = bytes.to_string();
    let (unit, zeros) = UNITS
        .into_iter()
        .find(|(_, zeros)| digits.len() > *zeros)
        .unwrap_or(("MB", 6));
    let digits = format!("{digits:0>width$}", width = zeros + 1);
    let (whole, part) = digits.split_at(digits.len() - zeros);
    let part = part.trim_end_matches('0');
    let number = match part {
        "" => whole.to_owned(),
        part => format!("{whole}.{part}"),
    };
    (number, unit)
}

/// The bytes that such a number and unit mean.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
pub(crate) fn parse(number: &str, unit: &str) -> Option<i64> {
    let (_, zeros) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    let (whole, part) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(part) || part.len() > zeros {
        return None;
    }
    format!("{whole}{part:0<zeros$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_shown_and_read_exactly() {
        for (bytes, number, unit) in [
            (0, "0", "MB"),
            (1, "0.000001", "MB"),
            (104_857_600, "104.8576", "MB"),
            (10_000_000_000, "10", "GB"),
            (1_500_000_000, "1.5", "GB"),
            (2_000_000_000_001, "2.000000000001", "TB"),
        ] {
            assert_eq!(split(bytes), (number.to_owned(), unit));
            assert_eq!(parse(number, unit), Some(bytes));
        }
        for (number, unit) in [
            ("", "MB"),
            ("-1", "MB"),
            ("1e3", "MB"),
            (".5", "MB"),
            ("1.2.3", "MB"),
            ("1.0000001", "MB"),
            ("1", "kB"),
            ("99999999999", "TB"),
        ] {
            assert_eq!(parse(number, unit), None, "{number} {unit}");
        }
        assert_eq!(parse(" 5. ", "MB"), Some(5_000_000));
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_read_as_the_same(bytes in 0..=i64::MAX) {
            let (number, unit) = split(bytes);
            proptest::prop_assert_eq!(parse(&number, unit), Some(bytes));
        }

        #[test]
        fn any_number_is_room_or_none(number in "([0-9]{0,25}\\.?[0-9]{0,15}|\\PC{0,20})", unit in "(MB|GB|TB|[a-zA-Z]{0,3})") {
            proptest::prop_assert!(parse(&number, &unit).is_none_or(|bytes| bytes >= 0));
        }
    }
}
