//! What whoever runs the vault sees of it: logs and metrics, the same for every binary.
//!
//! Logs are one line per event on standard error, as text or as JSON. An error is logged once, where it
//! is handled. Lines that belong to a request or a job stand under a span that names it. Nothing secret
//! is ever a field.

pub mod metrics;
mod serve;

pub use serve::{Metrics, MetricsFailed};

use std::{error::Error, iter::successors};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For collectors: one JSON object a line.
    Json,
}

/// An error with its causes, in one line.
pub fn with_causes(error: &dyn Error) -> String {
    let causes = successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Whether that is an `EnvFilter` directive list such as `info,sqlx=warn`.
pub fn is_filter(filter: &str) -> bool {
    EnvFilter::try_new(filter).is_ok()
}

/// Starts logging. `filter` is an `EnvFilter` directive list such as `info,sqlx=warn`.
pub fn init(filter: &str, format: Format) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match format {
        Format::Text => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(std::io::stderr)
                    .with_ansi(false),
            )
            .try_init(),
        // Every span around an event is listed, with `request_id` or `job_id`.
        Format::Json => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_current_span(false)
                    .with_span_list(true)
                    .with_writer(std::io::stderr),
            )
            .try_init(),
    };
    // A second start (tests in one process) keeps the first.
    drop(started);
    log_panics();
}

/// A panic is a bug: it goes to the log like every other error, with its place.
fn log_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(
            place,
            "a task panicked: {}",
            info.payload_as_str().unwrap_or("no message")
        );
    }));
}

#[cfg(test)]
mod tests {
    use super::{is_filter, with_causes};
    use std::fmt;

    /// An error of so many.
    #[derive(Debug)]
    struct Nested(Option<Box<Self>>);

    impl fmt::Display for Nested {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(if self.0.is_some() { "outer" } else { "inner" })
        }
    }

    impl std::error::Error for Nested {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.0.as_deref().map(|error| error as _)
        }
    }

    #[test]
    fn an_error_is_told_with_all_that_lies_beneath() {
        let inner = Nested(None);
        assert_eq!(with_causes(&inner), "inner");
        let middle = Nested(Some(Box::new(inner)));
        let outer = Nested(Some(Box::new(middle)));
        assert_eq!(with_causes(&outer), "outer: outer: inner");
    }

    #[test]
    fn filters_are_told_from_rubbish() {
        for filter in ["info", "info,sqlx=warn", "server=debug,info"] {
            assert!(is_filter(filter), "{filter}");
        }
        for rubbish in ["server=loud", "a=b=c", "info,=,"] {
            assert!(!is_filter(rubbish), "{rubbish}");
        }
    }
}
