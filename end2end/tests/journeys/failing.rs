//! A file that can't be read says why, and can be tried again.

use anyhow::Result;
use end2end::{
    Look, PATIENCE, Scripts, Tab, journey,
    pages::{DocumentPage, DocumentsPage, file},
};
use playwright_rs::expect;
use testkit::{Process, TestApp};

const TRUNCATED: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0";

/// The worker is stopped before the second try, so that the wait for it can be seen.
async fn walk(vault: &TestApp, tab: &Tab) -> Result<()> {
    let mut worker = Process::start("worker", &vault.environment);
    let list = DocumentsPage::open(tab).await?;
    list.upload(&[file("broken.pdf", TRUNCATED)]).await?;
    settle(vault, tab).await?;
    expect(list.status("broken.pdf"))
        .with_timeout(PATIENCE)
        .to_have_text("Needs attention")
        .await?;
    let reason = list.row("broken.pdf").get_by_test_id("failure");
    expect(reason)
        .to_contain_text("The PDF is damaged or incomplete")
        .await?;

    list.go_to("broken.pdf").await?;
    let page = DocumentPage::here(tab);
    expect(page.failure())
        .to_contain_text("Upload it again from the original")
        .await?;
    expect(page.preview())
        .to_contain_text("It is kept as you uploaded it.")
        .await?;
    expect(page.preview().locator("iframe"))
        .to_have_count(0)
        .await?;
    expect(tab.page.locator("a[download]"))
        .to_have_count(1)
        .await?;
    worker.stop();
    page.try_again().await?;
    expect(page.status()).to_have_text("Waiting").await?;
    expect(page.failure()).to_have_count(0).await?;
    let _worker = Process::start("worker", &vault.environment);
    settle(vault, tab).await?;
    expect(page.status())
        .with_timeout(PATIENCE)
        .to_have_text("Needs attention")
        .await?;
    expect(page.failure())
        .to_contain_text("The PDF is damaged or incomplete")
        .await?;
    Ok(())
}

/// Without scripts the page shows what is so when it is loaded.
async fn settle(vault: &TestApp, tab: &Tab) -> Result<()> {
    if !tab.scripted() {
        for document in vault.client.documents("").await.documents {
            vault.client.finished(document.id).await;
        }
        tab.reload().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_broken_file_says_why_and_can_be_tried_again() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        walk(&vault, tab).await
    })
    .await
}

#[tokio::test]
async fn a_broken_file_says_why_and_can_be_tried_again_without_scripts() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::Off), async |tab| {
        walk(&vault, tab).await
    })
    .await
}
