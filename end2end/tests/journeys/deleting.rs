//! Deleting asks first, and then nothing is left.

use anyhow::Result;
use end2end::{
    Look, PATIENCE, Scripts, Tab, journey,
    pages::{DocumentPage, DocumentsPage, empty_state},
};
use playwright_rs::{expect, expect_page};
use testkit::TestApp;
use uuid::Uuid;

async fn walk(vault: &TestApp, tab: &Tab, id: Uuid) -> Result<()> {
    let page = DocumentPage::open(tab, id).await?;
    let question = page.ask_to_delete().await?;
    expect(question.locator("h2"))
        .to_have_text("Delete “note.txt”?")
        .await?;
    let modal = question.evaluate("(it) => it.matches(':modal')", None::<&()>);
    let modal: bool = modal.await?;
    assert_eq!(
        modal,
        tab.scripted(),
        "nothing else has the focus meanwhile"
    );
    question.get_by_text("Cancel", true).click(None).await?;
    expect(question).to_have_count(0).await?;
    assert_eq!(vault.client.documents("").await.total, 1);

    let question = page.ask_to_delete().await?;
    question
        .get_by_test_id("confirm-delete")
        .click(None)
        .await?;
    expect_page(&tab.page)
        .to_have_url(&tab.url("/documents"))
        .await?;
    expect(empty_state(tab)).to_be_visible().await?;
    expect(DocumentsPage::here(tab).rows())
        .to_have_count(0)
        .await?;
    testkit::until("an empty bucket", PATIENCE, async || {
        Ok(vault.bucket.keys().await.is_empty().then_some(()))
    })
    .await
}

async fn vault_with_a_note() -> (TestApp, Uuid) {
    let vault = TestApp::start_with_worker().await;
    let note = vault.client.upload("note.txt", "A note.").await;
    vault.client.finished(note.id).await;
    (vault, note.id)
}

#[tokio::test]
async fn a_document_is_deleted_after_a_question() -> Result<()> {
    let (vault, id) = vault_with_a_note().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        walk(&vault, tab, id).await
    })
    .await
}

#[tokio::test]
async fn a_document_is_deleted_after_a_question_without_scripts() -> Result<()> {
    let (vault, id) = vault_with_a_note().await;
    journey(&vault, Look::with(Scripts::Off), async |tab| {
        walk(&vault, tab, id).await
    })
    .await
}
