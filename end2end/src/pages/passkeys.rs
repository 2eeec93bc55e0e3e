//! One's own passkeys, and signing in with one.

use crate::Tab;
use anyhow::Result;
use playwright_rs::Locator;

/// The card on `/account`.
pub struct Passkeys<'a> {
    tab: &'a Tab,
}

impl<'a> Passkeys<'a> {
    /// Goes there.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab) -> Result<Self> {
        tab.open("/account").await?;
        Ok(Self { tab })
    }

    fn part(&self, id: &str) -> Locator {
        self.tab.page.get_by_test_id(id)
    }

    /// The whole card.
    pub fn card(&self) -> Locator {
        self.part("passkeys")
    }

    /// The passkeys.
    pub fn rows(&self) -> Locator {
        self.part("passkey-row")
    }

    /// The form that adds one.
    pub fn form(&self) -> Locator {
        self.part("passkey-form")
    }

    /// Adds one.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn add(&self, name: &str, password: &str) -> Result<()> {
        self.part("passkey-name").fill(name, None).await?;
        self.part("passkey-password").fill(password, None).await?;
        Ok(self.part("passkey-submit").click(None).await?)
    }

    /// Gives the first another name.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn rename_first(&self, name: &str) -> Result<()> {
        let edit = self.part("passkey-edit").first();
        edit.locator("summary").click(None).await?;
        edit.get_by_test_id("passkey-new-name")
            .fill(name, None)
            .await?;
        Ok(edit.get_by_test_id("passkey-rename").click(None).await?)
    }

    /// Removes the first.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn remove_first(&self, password: &str) -> Result<()> {
        self.part("passkey-delete").first().click(None).await?;
        let dialog = self.tab.page.locator(super::OPEN_QUESTION);
        dialog
            .get_by_test_id("passkey-delete-password")
            .fill(password, None)
            .await?;
        Ok(dialog
            .get_by_test_id("confirm-passkey-delete")
            .click(None)
            .await?)
    }
}

/// The button that signs in with a passkey, on either page that has it.
pub fn passkey_button(tab: &Tab) -> Locator {
    tab.page.get_by_test_id("passkey-sign-in")
}

/// What is said when the authenticator did not answer.
pub fn passkey_status(tab: &Tab) -> Locator {
    tab.page.get_by_test_id("passkey-status")
}
