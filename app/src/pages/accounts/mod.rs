//! The pages about accounts: making one, signing in, one's own.

mod account;
mod card;
mod device;
mod email;
mod login;
mod passkey_button;
mod passkeys;
mod password;
mod recovery_codes;
mod register;
mod reset;
mod second_factor;
mod second_step;
mod sessions;
mod set_up;
mod tokens;
mod totp;

pub(crate) use account::AccountPage;
pub(crate) use device::device;
pub(crate) use email::ConfirmEmailPage;
pub(crate) use login::LoginPage;
pub(crate) use recovery_codes::RecoveryCodesPage;
pub(crate) use register::RegisterPage;
pub(crate) use reset::{ForgotPasswordPage, ResetPasswordPage};
pub(crate) use second_step::SecondStepPage;
pub(crate) use set_up::SetUpPage;
pub(crate) use totp::TotpPage;
