//! What a number in a workbook's cell looks like: an amount, or a day and a time.

use super::super::collect::Flow;
use super::package::Package;
use super::xml::Token;
use crate::Failure;
use std::collections::HashSet;

/// Cell styles that are looked at; Excel allows 65,490.
const MAX_STYLES: usize = 100_000;
/// Days from the beginning of Excel's calendar to 1970-01-01. It begins with the last day of 1899; that
/// it also has a 29th of February 1900 makes every day after it one later.
const EPOCH: i64 = 25_569;
/// The calendar that begins in 1904 is this many days later.
const FROM_1904: i64 = 1_462;
/// 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// Which of a workbook's cell styles show a day or a time.
#[derive(Default)]
pub(super) struct Styles {
    dates: Vec<bool>,
    /// Whether the workbook counts from 1904.
    pub from_1904: bool,
}

impl Styles {
    pub fn read(package: &mut Package) -> Result<Self, Failure> {
        let mut styles = Self::default();
        let mut formats: HashSet<String> = HashSet::new();
        let mut in_cell_styles = false;
        package.walk("xl/styles.xml", |token| {
            match token {
                Token::Open(element) => match element.name() {
                    "numFmt" => {
                        let code = element.attribute("formatCode").unwrap_or_default();
                        if is_date_format(&code) && formats.len() < MAX_STYLES {
                            formats.extend(element.attribute("numFmtId"));
                        }
                    }
                    "cellXfs" => in_cell_styles = true,
                    "xf" if in_cell_styles && styles.dates.len() < MAX_STYLES => {
                        let id = element.attribute("numFmtId").unwrap_or_default();
                        styles
                            .dates
                            .push(formats.contains(&id) || is_built_in_date(&id));
                    }
                    _ => {}
                },
                Token::Close("cellXfs") => return Flow::Break(()),
                _ => {}
            }
            Flow::Continue(())
        })?;
        Ok(styles)
    }

    /// A number as a reader sees it, by its cell's style.
    pub fn shown(&self, number: &str, style: Option<usize>) -> String {
        let Ok(value) = number.trim().parse::<f64>() else {
            return number.to_owned();
        };
        if style.is_some_and(|style| self.dates.get(style) == Some(&true))
            && let Some(date) = date(value, self.from_1904)
        {
            return date;
        }
        amount(value).unwrap_or_else(|| number.to_owned())
    }
}

/// Format numbers that mean a day or a time without being described.
fn is_built_in_date(id: &str) -> bool {
    matches!(id.parse::<u32>(), Ok(14..=22 | 27..=36 | 45..=47 | 50..=58))
}

/// Whether a format's own letters, not those it quotes, stand for parts of a date.
fn is_date_format(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    let mut letters = code.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' if !quoted => bracketed = false,
            '\\' | '_' | '*' if !quoted => drop(letters.next()),
            'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'm' | 'M' if !quoted && !bracketed => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// 19.989999999999998 is 19.99: fifteen digits are what Excel itself shows.
fn amount(value: f64) -> Option<String> {
    if value != 0.0 && !(1e-9..1e15).contains(&value.abs()) {
        return None;
    }
    let rounded: f64 = format!("{value:.14e}").parse().ok()?;
    Some(rounded.to_string())
}

/// A day as 2025-05-31, with the time where there is one.
fn date(value: f64, from_1904: bool) -> Option<String> {
    if !(0.0..LAST_DAY).contains(&value) {
        return None;
    }
    let minutes = (value * 1440.0).round() as i64;
    let (days, minute) = (minutes / 1440, minutes % 1440);
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    if days == 0 {
        return Some(time);
    }
    let days = days - EPOCH + if from_1904 { FROM_1904 } else { 0 };
    let (year, month, day) = civil(days);
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(if minute == 0 {
        date
    } else {
        format!("{date} {time}")
    })
}

/// Year, month and day of a number of days after 1970-01-01, in the Gregorian calendar.
///
/// Years begin in March here, so that the day a leap year adds is a year's last, and 400 of them are
/// 146,097 days.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_counted_as_excel_does() {
        assert_eq!(date(45_808.0, false).as_deref(), Some("2025-05-31"));
        assert_eq!(date(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(date(45_808.75, false).as_deref(), Some("2025-05-31 18:00"));
        assert_eq!(date(0.5, false).as_deref(), Some("12:00"));
        assert_eq!(date(44_346.0, true).as_deref(), Some("2025-05-31"));
        assert_eq!(date(-1.0, false), None);
        assert_eq!(date(f64::NAN, false), None);
    }

    #[test]
    fn amounts_are_what_was_meant() {
        assert_eq!(amount(6.63 * 3.0 + 0.1).as_deref(), Some("19.99"));
        assert_eq!(amount(-612.0).as_deref(), Some("-612"));
        assert_eq!(amount(0.0).as_deref(), Some("0"));
        assert_eq!(amount(1e300), None);
        assert_eq!(amount(f64::INFINITY), None);
    }

    #[test]
    fn formats_of_dates_are_told_from_others() {
        for code in ["dd.mm.yyyy", "[$-407]d. mmmm yyyy", "hh:mm", "mm:ss.0"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in [
            "0.00",
            "General",
            "#,##0 \"days\"",
            "[Red]-0",
            "0\\d",
            "0.00E+00",
            "@",
        ] {
            assert!(!is_date_format(code), "{code}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_shown(number: f64, text: String, from_1904: bool) {
            let styles = Styles { dates: vec![true, false], from_1904 };
            for style in [None, Some(0), Some(1), Some(9)] {
                prop_assert!(styles.shown(&number.to_string(), style).len() < 400);
                styles.shown(&text, style);
            }
            is_date_format(&text);
        }
    }
}
