//! What somebody shows besides the password: as the second step of a sign-in, and on one's own account.

pub(crate) mod confirm_totp;
pub(crate) mod delete_totp;
pub(crate) mod get;
pub(crate) mod renew_recovery_codes;
pub(crate) mod set_up_totp;
pub(crate) mod sign_in;
