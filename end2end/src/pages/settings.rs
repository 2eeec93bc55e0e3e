//! The settings.

use crate::Tab;
use anyhow::Result;
use playwright_rs::Locator;

/// `/settings`
pub struct SettingsPage<'a> {
    tab: &'a Tab,
}

impl<'a> SettingsPage<'a> {
    /// Goes there.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab) -> Result<Self> {
        tab.open("/settings").await?;
        Ok(Self { tab })
    }

    /// Being there already.
    pub fn here(tab: &'a Tab) -> Self {
        Self { tab }
    }

    /// The button that chooses a provider.
    pub fn provider(&self, name: &str) -> Locator {
        self.tab.page.get_by_test_id(&format!("provider-{name}"))
    }

    /// The field for a provider's key.
    pub fn key(&self, name: &str) -> Locator {
        self.tab.page.get_by_test_id(&format!("key-{name}"))
    }

    /// Whether a provider's key is set, in words.
    pub fn key_state(&self, name: &str) -> Locator {
        self.tab.page.get_by_test_id(&format!("key-state-{name}"))
    }

    /// The field for a provider's model.
    pub fn model(&self, name: &str) -> Locator {
        self.tab.page.get_by_test_id(&format!("model-{name}"))
    }

    /// The field for the instructions.
    pub fn prompt(&self) -> Locator {
        self.tab.page.locator("textarea[name=system_prompt]")
    }

    /// Saves.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn save(&self) -> Result<()> {
        Ok(self
            .tab
            .page
            .get_by_test_id("save-settings")
            .click(None)
            .await?)
    }

    /// Tests the provider in use, and gives the place of the answer.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn test(&self) -> Result<Locator> {
        self.tab
            .page
            .get_by_test_id("test-provider")
            .click(None)
            .await?;
        Ok(self.tab.page.get_by_test_id("test-result"))
    }
}
