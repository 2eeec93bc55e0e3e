//! The second factor: on the account's page, and while signing in.

use super::{AccountPage, fill_and_send};
use crate::Tab;
use anyhow::Result;
use playwright_rs::{Locator, expect, expect_page};
use testkit::PASSWORD;

/// What the account asks for besides the password.
pub struct SecondFactor<'a> {
    tab: &'a Tab,
}

impl<'a> SecondFactor<'a> {
    /// Goes to the account's page.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab) -> Result<Self> {
        AccountPage::open(tab).await?;
        Ok(Self { tab })
    }

    fn part(&self, id: &str) -> Locator {
        self.tab.page.get_by_test_id(id)
    }

    /// The card that says what there is.
    pub fn card(&self) -> Locator {
        self.part("second-factor")
    }

    /// Begins to set up an app, and gives its secret.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn begin(&self) -> Result<String> {
        fill_and_send(self.tab, "totp", &[("password", PASSWORD)]).await?;
        self.at("/account/second-factor").await?;
        expect(self.part("totp-qr")).to_be_visible().await?;
        let shown = self.part("totp-secret").inner_text().await?;
        Ok(shown.split_whitespace().collect())
    }

    /// Enters the app's first code, and gives the recovery codes.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn confirm(&self, code: &str) -> Result<Vec<String>> {
        self.part("totp-code").fill(code, None).await?;
        self.part("totp-confirm").click(None).await?;
        self.at("/account/recovery-codes").await?;
        Ok(self.codes().all_inner_texts().await?)
    }

    /// The recovery codes that are shown.
    pub fn codes(&self) -> Locator {
        self.part("recovery-code")
    }

    /// Says yes to the question that a button asks, with the password.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn confirm_with_password(&self, button: &str) -> Result<()> {
        self.part(button).click(None).await?;
        fill_and_send(self.tab, button, &[("password", PASSWORD)]).await
    }

    async fn at(&self, path: &str) -> Result<()> {
        expect_page(&self.tab.page)
            .to_have_url(&self.tab.url(path))
            .await?;
        self.tab.alive().await
    }
}

/// Gives the right password, which leads to the second step.
///
/// # Errors
/// When it does not.
pub async fn give_password(tab: &Tab, handle: &str) -> Result<()> {
    fill_and_send(tab, "login", &[("name", handle), ("password", PASSWORD)]).await?;
    Ok(expect(tab.page.get_by_test_id("second-factor-form"))
        .to_be_visible()
        .await?)
}

/// Enters a code of either kind.
///
/// # Errors
/// When the page does not let it.
pub async fn give_code(tab: &Tab, code: &str) -> Result<()> {
    fill_and_send(tab, "second-factor", &[("code", code)]).await
}
