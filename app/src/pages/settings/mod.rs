//! The page about settings.

mod edit;
mod provider;

pub(crate) use edit::SettingsPage;
