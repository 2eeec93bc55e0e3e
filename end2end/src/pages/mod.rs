//! The pages as a visitor sees them, so that a journey reads like one.

pub mod accounts;
pub mod admin;
pub mod document;
pub mod documents;
pub mod passkeys;
pub mod second_factor;
pub mod settings;
pub mod topics;

use anyhow::Result;
use playwright_rs::{FilePayload, Locator};

pub use accounts::{AccountPage, fill_and_send, sign_in};
pub use admin::{UsersPage, choose_and_save, shown_link};
pub use document::DocumentPage;
pub use documents::DocumentsPage;
pub use passkeys::{Passkeys, passkey_button, passkey_status};
pub use second_factor::{SecondFactor, give_code, give_password};
pub use settings::SettingsPage;
pub use topics::TopicsPage;

use crate::Tab;

/// A question that is open: modal with scripts, a popover without.
pub const OPEN_QUESTION: &str = ".dialog:popover-open, .dialog[open]";

/// What stands at the top when something did not work.
pub fn flash_error(tab: &Tab) -> Locator {
    tab.page.get_by_test_id("flash-error")
}

/// What stands where there is nothing to show.
pub fn empty_state(tab: &Tab) -> Locator {
    tab.page.get_by_test_id("empty-state")
}

/// Waits until that has the focus.
///
/// # Errors
/// When it does not get it.
pub async fn focused(element: &Locator) -> Result<()> {
    testkit::until("the focus", testkit::PATIENCE, async || {
        let here = element.evaluate("(it) => it === document.activeElement", None::<&()>);
        let here: bool = here.await?;
        Ok(here.then_some(()))
    })
    .await
}

/// A file as a visitor's disk has it. The type is left open: the vault goes by content.
pub fn file(name: &str, bytes: impl Into<Vec<u8>>) -> FilePayload {
    FilePayload::new(name, "application/octet-stream", bytes.into())
}
