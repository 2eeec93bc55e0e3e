//! Everybody's accounts, as admins see them.

use crate::Tab;
use anyhow::Result;
use playwright_rs::{Locator, expect};

/// The part of a page with that test id.
fn part(tab: &Tab, id: &str) -> Locator {
    tab.page.get_by_test_id(id)
}

/// `/admin/users`
pub struct UsersPage<'a> {
    tab: &'a Tab,
}

impl<'a> UsersPage<'a> {
    /// Goes there.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab) -> Result<Self> {
        tab.open("/admin/users").await?;
        Ok(Self { tab })
    }

    /// The accounts that are listed.
    pub fn rows(&self) -> Locator {
        part(self.tab, "user-row")
    }

    /// Searches for a part of a handle or address.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn search(&self, text: &str) -> Result<()> {
        part(self.tab, "search").fill(text, None).await?;
        Ok(part(self.tab, "search-submit").click(None).await?)
    }

    /// Makes an account, and gives the link for its owner.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn create(&self, handle: &str) -> Result<String> {
        let form = self.tab.page.locator("[data-testid=create] summary");
        form.click(None).await?;
        let email = format!("{handle}@vault.test");
        part(self.tab, "create-handle").fill(handle, None).await?;
        part(self.tab, "create-email").fill(&email, None).await?;
        part(self.tab, "create-submit").click(None).await?;
        shown_link(self.tab).await
    }

    /// Makes an invitation, and gives its link.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn invite(&self) -> Result<String> {
        let form = self.tab.page.locator("[data-testid=invite] summary");
        form.click(None).await?;
        part(self.tab, "invite-submit").click(None).await?;
        shown_link(self.tab).await
    }

    /// Goes to an account that is listed.
    ///
    /// # Errors
    /// When it is not.
    pub async fn visit(&self, handle: &str) -> Result<()> {
        let link = format!("[data-testid=user-row][data-handle={handle}] a");
        self.tab.page.locator(&link).click(None).await?;
        expect(part(self.tab, "user-handle"))
            .to_have_text(handle)
            .await?;
        self.tab.alive().await
    }
}

/// The link that is shown once.
///
/// # Errors
/// When none is.
pub async fn shown_link(tab: &Tab) -> Result<String> {
    let field = part(tab, "link-text");
    expect(field.clone()).to_be_visible().await?;
    tab.alive().await?;
    Ok(field.input_value(None).await?)
}

/// Chooses from a list, presses a button, and waits until the account's page says that it was done.
///
/// # Errors
/// When the page does not let it.
pub async fn choose_and_save(tab: &Tab, list: &str, value: &str, button: &str) -> Result<()> {
    part(tab, list).select_option(value, None).await?;
    part(tab, button).click(None).await?;
    expect(part(tab, "user-done"))
        .to_have_text("The account is saved.")
        .await?;
    tab.alive().await
}
