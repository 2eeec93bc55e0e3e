//! The page about settings.

mod edit;
mod privacy;
mod provider;

pub(crate) use edit::SettingsPage;
