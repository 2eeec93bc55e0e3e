//! One document.

use super::OPEN_QUESTION;
use crate::Tab;
use anyhow::Result;
use playwright_rs::{FilterOptions, Locator};
use uuid::Uuid;

/// `/documents/{id}`
pub struct DocumentPage<'a> {
    tab: &'a Tab,
}

impl<'a> DocumentPage<'a> {
    /// Goes there.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab, id: Uuid) -> Result<Self> {
        tab.open(&format!("/documents/{id}")).await?;
        Ok(Self { tab })
    }

    /// Being there already.
    pub fn here(tab: &'a Tab) -> Self {
        Self { tab }
    }

    /// How far it has come.
    pub fn status(&self) -> Locator {
        self.tab
            .page
            .get_by_test_id("document")
            .get_by_test_id("status")
    }

    /// The text that was read.
    pub fn text(&self) -> Locator {
        self.tab.page.get_by_test_id("text")
    }

    /// The preview.
    pub fn preview(&self) -> Locator {
        self.tab.page.locator("section.preview")
    }

    /// Why it could not be read.
    pub fn failure(&self) -> Locator {
        self.tab.page.get_by_test_id("failure")
    }

    /// A topic that it is filed under, with who says so and why.
    pub fn topic(&self, name: &str) -> Locator {
        let assigned = self.tab.page.get_by_test_id("assigned-topic");
        assigned.filter(FilterOptions::default().has_text(name))
    }

    /// Has it filed again.
    ///
    /// # Errors
    /// When the page does not offer it.
    pub async fn classify_again(&self) -> Result<()> {
        Ok(self
            .tab
            .page
            .get_by_test_id("classify-again")
            .click(None)
            .await?)
    }

    /// Has it read again.
    ///
    /// # Errors
    /// When the page does not offer it.
    pub async fn try_again(&self) -> Result<()> {
        Ok(self
            .tab
            .page
            .get_by_test_id("try-again")
            .click(None)
            .await?)
    }

    /// Ticks exactly these of the topics that are there, and saves.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn set_topics(&self, chosen: &[&str]) -> Result<()> {
        let form = self.tab.page.get_by_test_id("edit-topics");
        form.locator("summary").click(None).await?;
        for choice in form.locator("label.check").all().await? {
            let name = choice.inner_text().await?;
            let ticked = chosen.contains(&name.trim());
            choice.locator("input").set_checked(ticked, None).await?;
        }
        Ok(form.get_by_test_id("save-topics").click(None).await?)
    }

    /// Asks to delete it, and gives the question.
    ///
    /// # Errors
    /// When no question comes.
    pub async fn ask_to_delete(&self) -> Result<Locator> {
        self.tab.page.get_by_test_id("delete").click(None).await?;
        let question = self.tab.page.locator(OPEN_QUESTION);
        question.wait_for(None).await?;
        Ok(question)
    }
}
