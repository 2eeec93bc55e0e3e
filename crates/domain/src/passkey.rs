//! Passkeys, as their owner sees them.

use crate::PasskeyId;
use time::OffsetDateTime;

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// When it was last signed in with.
    pub last_used_at: Option<OffsetDateTime>,
    /// Since when it exists.
    pub created_at: OffsetDateTime,
}
