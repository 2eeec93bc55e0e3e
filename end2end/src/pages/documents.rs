//! The list of documents.

use crate::Tab;
use anyhow::Result;
use playwright_rs::{DropOptions, FilePayload, FilterOptions, Locator};

/// `/documents`
pub struct DocumentsPage<'a> {
    tab: &'a Tab,
}

impl<'a> DocumentsPage<'a> {
    /// Goes there.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab) -> Result<Self> {
        tab.open("/documents").await?;
        Ok(Self { tab })
    }

    /// Being there already.
    pub fn here(tab: &'a Tab) -> Self {
        Self { tab }
    }

    /// Chooses files; without scripts, which take one at a time, sends them one by one.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn upload(&self, files: &[FilePayload]) -> Result<()> {
        let input = self.tab.page.get_by_test_id("upload-input");
        if self.tab.scripted() {
            return Ok(input.set_input_files_payload_multiple(files, None).await?);
        }
        for file in files {
            input.set_input_files_payload(file.clone(), None).await?;
            self.tab
                .page
                .locator("form.upload button[type=submit]")
                .click(None)
                .await?;
            self.row(&file.name).wait_for(None).await?;
        }
        Ok(())
    }

    /// Drops files anywhere into the window.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn drop_files(&self, files: Vec<FilePayload>) -> Result<()> {
        let options = DropOptions::builder().files(files).build();
        Ok(self.tab.page.locator("h1").drop(options).await?)
    }

    /// What is being uploaded.
    pub fn tray(&self) -> Locator {
        self.tab.page.get_by_test_id("upload-tray")
    }

    /// One file of the tray.
    pub fn upload_of(&self, name: &str) -> Locator {
        let item = self.tab.page.get_by_test_id("upload-item");
        item.filter(FilterOptions::default().has_text(name))
    }

    /// Every document shown.
    pub fn rows(&self) -> Locator {
        self.tab.page.get_by_test_id("document-row")
    }

    /// The document of that name.
    pub fn row(&self, name: &str) -> Locator {
        self.rows().filter(FilterOptions::default().has_text(name))
    }

    /// The status of the document of that name.
    pub fn status(&self, name: &str) -> Locator {
        self.row(name).get_by_test_id("status")
    }

    /// Chooses the document of that name, or no longer.
    ///
    /// # Errors
    /// When there is no such document.
    pub async fn choose(&self, name: &str) -> Result<()> {
        Ok(self.pick(name).click(None).await?)
    }

    /// The box that chooses the document of that name.
    pub fn pick(&self, name: &str) -> Locator {
        self.row(name).get_by_test_id("pick")
    }

    /// What can be done with what is chosen.
    pub fn bulk(&self) -> Locator {
        self.tab.page.get_by_test_id("bulk")
    }

    /// What was done with what was chosen.
    pub fn bulk_done(&self) -> Locator {
        self.tab.page.get_by_test_id("bulk-done")
    }

    /// Shows documents as a `list` or a `grid`.
    ///
    /// # Errors
    /// When the page does not offer it.
    pub async fn lay_out_as(&self, layout: &str) -> Result<()> {
        let link = self.tab.page.get_by_test_id(&format!("layout-{layout}"));
        Ok(link.click(None).await?)
    }

    /// The list, or the tiles.
    pub fn list(&self) -> Locator {
        self.tab.page.get_by_test_id("documents")
    }

    /// Follows the document's name to its own page.
    ///
    /// # Errors
    /// When there is no such document.
    pub async fn go_to(&self, name: &str) -> Result<()> {
        self.row(name).locator("a.row-name").click(None).await?;
        self.tab
            .page
            .get_by_test_id("document")
            .wait_for(None)
            .await?;
        Ok(())
    }

    /// Shows only one topic's documents.
    ///
    /// # Errors
    /// When the topic is not offered.
    pub async fn filter_by_topic(&self, topic: &str) -> Result<()> {
        self.filter("filter-topic", topic).await
    }

    /// Shows only documents of one status, as the page's own word has it.
    ///
    /// # Errors
    /// When the status is not offered.
    pub async fn filter_by_status(&self, word: &str) -> Result<()> {
        self.filter("filter-status", word).await
    }

    async fn filter(&self, which: &str, label: &str) -> Result<()> {
        let choice = playwright_rs::SelectOption::Label(label.to_owned());
        self.tab
            .page
            .get_by_test_id(which)
            .select_option(choice, None)
            .await?;
        if !self.tab.scripted() {
            self.tab
                .page
                .locator("form.filters button[type=submit]")
                .click(None)
                .await?;
        }
        Ok(())
    }
}
