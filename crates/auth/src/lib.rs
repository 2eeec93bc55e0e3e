//! The cryptography of accounts: passwords, tokens and second factors.
//!
//! Nothing here knows a database, a request or a setting, and time comes in as a value. What is drawn
//! at random comes from the system's generator, and no secret can be printed by accident: the types
//! that hold one redact it in `Debug`.

pub mod access;
pub mod passkey;
pub mod password;
pub mod recovery;
pub mod strength;
pub mod token;
pub mod totp;

pub use access::{AccessError, AccessTokens, Claims, Refused};
pub use passkey::{NewKey, PasskeyError, Passkeys, Presented, Question};
pub use password::{PasswordError, Passwords, Verified};
pub use recovery::{RecoveryCode, RecoveryHash};
pub use strength::Weak;
pub use token::{OpaqueToken, TokenHash, TokenKind};
pub use totp::Totp;
