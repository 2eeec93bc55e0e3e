//! The pages about accounts: making one, signing in, one's own.

mod account;
mod card;
mod device;
mod login;
mod password;
mod register;
mod sessions;
mod set_up;
mod tokens;

pub(crate) use account::AccountPage;
pub(crate) use login::LoginPage;
pub(crate) use register::RegisterPage;
pub(crate) use set_up::SetUpPage;
