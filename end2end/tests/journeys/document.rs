//! One document: what it shows, filing it again, filing it by hand.

use anyhow::Result;
use end2end::{
    Look, PATIENCE, Scripts, Tab, Vault, journey,
    pages::{DocumentPage, DocumentsPage, sign_in},
};
use playwright_rs::{expect, expect_page};
use testkit::{TestApp, files};
use uuid::Uuid;

const LETTER: &str = "Your insurance policy\nThe premium of the insurance is due in May.\n\
    Report a claim to the insurer within a week.";

async fn vault_with_a_letter() -> (Vault, Uuid) {
    let vault = Vault::open().await;
    let letter = vault
        .client
        .upload("letter.pdf", files::pdf(&[LETTER]))
        .await;
    assert_eq!(vault.client.finished(letter.id).await.status, "ready");
    (vault, letter.id)
}

async fn create_topics(vault: &Vault) {
    let about = "Policies, premiums, claims and letters of insurers.";
    vault.client.create_topic("Insurance", about).await;
    vault
        .client
        .create_topic("Household", "Furniture and repairs.")
        .await;
}

/// Without scripts the page shows what is so when it is loaded.
async fn filed(vault: &Vault, tab: &Tab, id: Uuid) -> Result<()> {
    if !tab.scripted() {
        testkit::until("the filing", PATIENCE, async || {
            Ok((!vault.client.document(id).await.topics.is_empty()).then_some(()))
        })
        .await?;
        tab.reload().await?;
    }
    Ok(())
}

async fn walk(vault: &Vault, tab: &Tab, id: Uuid) -> Result<()> {
    DocumentsPage::open(tab).await?.go_to("letter.pdf").await?;
    expect_page(&tab.page)
        .to_have_url(&tab.url(&format!("/documents/{id}")))
        .await?;
    let page = DocumentPage::here(tab);
    expect(tab.page.locator("h1"))
        .to_have_text("letter.pdf")
        .await?;
    expect(page.status()).to_have_text("Ready").await?;
    expect(page.text())
        .to_contain_text("The premium of the insurance is due in May.")
        .await?;
    let shown = if tab.scripted() { "iframe" } else { "a img" };
    expect(page.preview().locator(shown))
        .to_be_visible()
        .await?;
    expect(tab.page.get_by_test_id("classification-note"))
        .to_be_visible()
        .await?;

    // Topics that came later: filing again finds them.
    create_topics(vault).await;
    page.classify_again().await?;
    filed(vault, tab, id).await?;
    let insurance = page.topic("Insurance");
    expect(insurance.clone())
        .with_timeout(PATIENCE)
        .to_have_attribute("data-by", "machine")
        .await?;
    expect(insurance.locator(".reason"))
        .to_contain_text("Words: ")
        .await?;
    expect(insurance.locator(".reason"))
        .to_contain_text("insurance")
        .await?;
    expect(insurance.locator("meter")).to_be_visible().await?;

    // By hand, and it stays so.
    tab.reload().await?;
    page.set_topics(&["Household"]).await?;
    expect(page.topic("Household"))
        .to_have_attribute("data-by", "person")
        .await?;
    expect(page.topic("Insurance")).to_have_count(0).await?;
    assert_eq!(vault.client.document(id).await.topics, ["Household"]);
    Ok(())
}

#[tokio::test]
async fn a_document_is_read_filed_and_refiled() -> Result<()> {
    let (vault, id) = vault_with_a_letter().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        walk(&vault, tab, id).await
    })
    .await
}

#[tokio::test]
async fn a_document_is_read_filed_and_refiled_without_scripts() -> Result<()> {
    let (vault, id) = vault_with_a_letter().await;
    journey(&vault, Look::with(Scripts::Off), async |tab| {
        walk(&vault, tab, id).await
    })
    .await
}

#[tokio::test]
async fn a_document_that_is_open_becomes_ready_by_itself() -> Result<()> {
    let mut vault = TestApp::start().await;
    let letter = vault
        .client
        .upload("letter.pdf", files::pdf(&[LETTER]))
        .await;
    let browser = end2end::Browser::launch().await?;
    let tab = browser
        .visit(&vault.client.base, Look::with(Scripts::On))
        .await?;
    sign_in(&tab, "admin").await?;
    let page = DocumentPage::open(&tab, letter.id).await?;
    expect(page.status()).to_have_text("Waiting").await?;
    tab.mark().await?;
    vault.start_worker();
    expect(page.status())
        .with_timeout(PATIENCE)
        .to_have_text("Ready")
        .await?;
    expect(page.text())
        .to_contain_text("The premium of the insurance")
        .await?;
    assert!(tab.is_still_marked().await?, "the page was loaded again");
    tab.close().await?;
    browser.close().await
}

#[tokio::test]
async fn a_download_has_the_files_name_and_bytes() -> Result<()> {
    let vault = Vault::open().await;
    let note = vault.client.upload("Grüße aus Köln.txt", "Bis bald.").await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        DocumentPage::open(tab, note.id).await?;
        let coming = tab.page.expect_download(None).await?;
        tab.page.get_by_test_id("download").click(None).await?;
        let download = coming.wait().await?;
        assert_eq!(download.suggested_filename(), "Grüße aus Köln.txt");
        let path = download.path().await?.expect("the browser keeps it");
        assert_eq!(std::fs::read(path)?, b"Bis bald.");
        Ok(())
    })
    .await
}
