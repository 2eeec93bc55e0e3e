//! The topics.

use crate::Tab;
use anyhow::Result;
use playwright_rs::Locator;

/// `/topics`
pub struct TopicsPage<'a> {
    tab: &'a Tab,
}

impl<'a> TopicsPage<'a> {
    /// Goes there.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab) -> Result<Self> {
        tab.open("/topics").await?;
        Ok(Self { tab })
    }

    /// Every topic.
    pub fn rows(&self) -> Locator {
        self.tab.page.get_by_test_id("topic-row")
    }

    /// The topic of that name.
    pub fn row(&self, name: &str) -> Locator {
        self.tab
            .page
            .locator(format!("[data-testid=topic-row][data-name=\"{name}\"]"))
    }

    /// The field for a new topic's name.
    pub fn new_name(&self) -> Locator {
        self.tab
            .page
            .get_by_test_id("new-topic")
            .get_by_test_id("topic-name")
    }

    /// Fills in the form for a new topic and sends it.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn create(&self, name: &str, description: &str) -> Result<()> {
        let form = self.tab.page.get_by_test_id("new-topic");
        // A form that an error came back to is open already.
        if form.get_attribute("open").await?.is_none() {
            form.locator("summary").click(None).await?;
        }
        self.new_name().fill(name, None).await?;
        form.locator("textarea").fill(description, None).await?;
        Ok(form.get_by_test_id("create-topic").click(None).await?)
    }

    /// Gives a topic another name.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn rename(&self, from: &str, to: &str) -> Result<()> {
        let form = self.row(from).get_by_test_id("edit-topic");
        // A form whose name was refused is open still.
        if form.get_attribute("open").await?.is_none() {
            form.locator("summary").click(None).await?;
        }
        form.get_by_test_id("topic-name").fill(to, None).await?;
        Ok(form.get_by_test_id("save-topic").click(None).await?)
    }

    /// Deletes a topic, the question included.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn delete(&self, name: &str) -> Result<()> {
        self.row(name).get_by_test_id("delete").click(None).await?;
        Ok(self
            .row(name)
            .get_by_test_id("confirm-delete")
            .click(None)
            .await?)
    }
}
