//! When to try again: what the provider asks for, else full-jitter exponential backoff.

use rand::Rng;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::Duration;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How often to try again, and how long to wait at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub retries: u32,
    pub max_wait: Duration,
}

impl Patience {
    /// A random wait before retry number `retry` (from 0), so that many workers do not come back
    /// at the same moment.
    pub(crate) fn backoff(&self, retry: u32) -> Duration {
        let ceiling = FIRST_WAIT
            .saturating_mul(2_u32.saturating_pow(retry))
            .min(self.max_wait);
        ceiling.mul_f64(rand::rng().random_range(0.0..=1.0))
    }
}

/// How long a provider asks to wait.
///
/// A date is read against the answer's own `Date`: that needs no clock here, and it is right even
/// where this machine's clock is wrong.
pub(crate) fn asked(headers: &HeaderMap) -> Option<Duration> {
    // OpenAI's finer form of the same header.
    if let Some(ms) = text(headers, "retry-after-ms").and_then(|ms| ms.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(ms / 1_000.0).ok();
    }
    let value = text(headers, RETRY_AFTER.as_str())?;
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let then = date(value)?;
    let now = date(text(headers, DATE.as_str())?)?;
    // A moment that has passed means: now.
    Some(Duration::try_from(then - now).unwrap_or(Duration::ZERO))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc2822).ok()
}

/// A length of time in words, rounded up.
pub(crate) fn spoken(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let (count, unit) = match seconds {
        0..=90 => (seconds.max(1), "second"),
        91..=5_400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_str(v).unwrap()))
            .collect()
    }

    #[test]
    fn reads_seconds_milliseconds_and_dates() {
        assert_eq!(
            asked(&headers(&[("retry-after", "7")])),
            Some(Duration::from_secs(7))
        );
        assert_eq!(
            asked(&headers(&[("retry-after-ms", "250"), ("retry-after", "1")])),
            Some(Duration::from_millis(250))
        );
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(
            asked(&headers(&[
                ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"),
                date
            ])),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            asked(&headers(&[
                ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"),
                date
            ])),
            Some(Duration::ZERO),
            "a moment that has passed"
        );
    }

    #[test]
    fn what_it_can_not_read_asks_for_nothing() {
        for value in [
            "soon",
            "-3",
            "NaN",
            "Sun, 06 Nov 1994 08:50:07 GMT",
            "1e300",
        ] {
            assert_eq!(asked(&headers(&[("retry-after", value)])), None, "{value}");
        }
        assert_eq!(asked(&HeaderMap::new()), None);
    }

    #[test]
    fn backoff_grows_and_stays_under_the_longest_wait() {
        let patience = Patience {
            retries: 3,
            max_wait: Duration::from_millis(900),
        };
        for _ in 0..200 {
            assert!(patience.backoff(0) <= FIRST_WAIT);
            assert!(patience.backoff(60) <= Duration::from_millis(900));
        }
    }

    #[test]
    fn says_waits_in_words() {
        let said = |seconds| spoken(Duration::from_secs(seconds));
        assert_eq!(
            [said(1), said(40), said(120), said(7_000)],
            ["1 second", "40 seconds", "2 minutes", "2 hours"]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_header_asks_for_some_wait_or_none(
            after in "(-?[0-9]{0,25}(\\.[0-9]{0,5})?(e[0-9]{1,3})?|(Sun|Mon), [0-9]{2} (Nov|Feb) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} (GMT|[+-][0-9]{4})|[\\x20-\\x7e]{0,40})",
            now in "(Sun|Mon), [0-9]{2} (Nov|Feb) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} (GMT|[+-][0-9]{4})",
            finer: bool,
        ) {
            let name = if finer { "retry-after-ms" } else { "retry-after" };
            if let Some(wait) = asked(&headers(&[(name, &after), ("date", &now)])) {
                proptest::prop_assert!(!spoken(wait).is_empty());
            }
        }
    }
}
