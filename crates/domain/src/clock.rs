//! Time comes in as a value, so that tests can set it and no rule reads the machine's clock by itself.

use std::sync::Arc;
use time::OffsetDateTime;

/// A source of the present moment.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl Clock {
    /// A clock that asks `now` each time.
    pub fn new(now: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The machine's clock. For composition roots only.
    #[allow(clippy::disallowed_methods)]
    pub fn system() -> Self {
        Self::new(OffsetDateTime::now_utc)
    }

    /// The present moment, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
