//! The health probe's answer (D-07).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether the vault can work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// `ok` when every check is.
    pub status: HealthStatus,
    /// Each part by itself.
    pub checks: Checks,
}

/// The whole in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// Every part answers.
    Ok,
    /// Some part does not.
    Degraded,
}

/// What each part said: `ok`, or `error` with a short cause (`error: timed out`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Checks {
    /// PostgreSQL.
    #[schema(value_type = String, example = "ok")]
    pub postgres: Check,
    /// The object store.
    #[schema(value_type = String, example = "ok")]
    pub minio: Check,
    /// Redis.
    #[schema(value_type = String, example = "ok")]
    pub redis: Check,
}

/// One part's answer, as its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Check(pub String);

impl Check {
    /// The part answered.
    pub fn ok() -> Self {
        Self("ok".to_owned())
    }

    /// The part did not answer; `cause` holds neither credentials nor host names.
    pub fn error(cause: &'static str) -> Self {
        Self(format!("error: {cause}"))
    }

    /// Whether the part answered.
    pub fn is_ok(&self) -> bool {
        self.0 == "ok"
    }
}
