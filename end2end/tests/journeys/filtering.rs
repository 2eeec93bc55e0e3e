//! Finding: by topic, by status, page by page.

use anyhow::Result;
use end2end::{
    Look, Scripts, Tab, Vault, journey,
    pages::{DocumentPage, DocumentsPage, empty_state, focused},
};
use playwright_rs::{expect, expect_page};

const POLICY: &str = "The insurance policy. The premium of the insurance is due in May. \
    Report a claim to the insurer within a week.";

async fn vault_with_three_documents() -> Vault {
    let vault = Vault::open().await;
    let about = "Policies, premiums, claims and letters of insurers.";
    vault.client.create_topic("Insurance", about).await;
    vault
        .client
        .create_topic("Gardening", "Roses, tomatoes, compost.")
        .await;
    for (name, bytes) in [
        ("policy.txt", POLICY.as_bytes()),
        (
            "other.txt",
            b"Nothing that anybody has a heading for, only greetings.".as_slice(),
        ),
        ("broken.pdf", b"%PDF-1.4\nthis is where it ends".as_slice()),
    ] {
        let document = vault.client.upload(name, bytes).await;
        vault.client.finished(document.id).await;
    }
    vault
}

async fn filters(tab: &Tab) -> Result<()> {
    let page = DocumentsPage::open(tab).await?;
    expect(page.rows()).to_have_count(3).await?;

    page.filter_by_topic("Insurance").await?;
    expect(page.rows()).to_have_count(1).await?;
    expect(page.row("policy.txt")).to_be_visible().await?;
    expect_page(&tab.page)
        .to_have_url_regex(r"/documents\?.*topic=Insurance")
        .await?;
    tab.reload().await?;
    expect(page.rows()).to_have_count(1).await?;

    page.filter_by_topic("Gardening").await?;
    expect(empty_state(tab))
        .to_contain_text("No document matches")
        .await?;
    tab.page.get_by_test_id("clear-filter").click(None).await?;
    expect(page.rows()).to_have_count(3).await?;

    page.filter_by_status("Needs attention").await?;
    expect(page.rows()).to_have_count(1).await?;
    expect(page.row("broken.pdf")).to_be_visible().await?;
    page.filter_by_status("Ready").await?;
    expect(page.rows()).to_have_count(2).await?;

    by_name(tab, &page).await?;
    page.row("policy.txt")
        .get_by_test_id("topic-chip")
        .click(None)
        .await?;
    expect(page.rows()).to_have_count(1).await?;
    expect_page(&tab.page)
        .to_have_url_regex("topic=Insurance")
        .await?;
    back_to_the_filter(tab, &page).await
}

/// From a document the way leads back to what one was looking at, also when it is deleted.
async fn back_to_the_filter(tab: &Tab, page: &DocumentsPage<'_>) -> Result<()> {
    let list = tab.url("/documents?topic=Insurance");
    page.go_to("policy.txt").await?;
    tab.page.get_by_test_id("crumb").click(None).await?;
    expect_page(&tab.page).to_have_url(&list).await?;
    page.go_to("policy.txt").await?;
    let question = DocumentPage::here(tab).ask_to_delete().await?;
    question
        .get_by_test_id("confirm-delete")
        .click(None)
        .await?;
    expect_page(&tab.page).to_have_url(&list).await?;
    Ok(expect(empty_state(tab)).to_be_visible().await?)
}

async fn by_name(tab: &Tab, page: &DocumentsPage<'_>) -> Result<()> {
    let field = tab.page.get_by_test_id("filter-name");
    if tab.scripted() {
        tab.press("/").await?;
        focused(&field).await?;
    }
    field.fill("OLICY", None).await?;
    tab.press("Enter").await?;
    expect_page(&tab.page)
        .to_have_url_regex("name=OLICY.*status=ready")
        .await?;
    tab.page.wait_for_load_state(None).await?;
    expect(page.rows()).to_have_count(1).await?;
    expect(page.row("policy.txt")).to_be_visible().await?;
    Ok(())
}

#[tokio::test]
async fn topic_and_status_narrow_the_list() -> Result<()> {
    let vault = vault_with_three_documents().await;
    journey(&vault, Look::with(Scripts::On), filters).await
}

#[tokio::test]
async fn topic_and_status_narrow_the_list_without_scripts() -> Result<()> {
    let vault = vault_with_three_documents().await;
    journey(&vault, Look::with(Scripts::Off), filters).await
}

async fn pages(tab: &Tab) -> Result<()> {
    let page = DocumentsPage::open(tab).await?;
    expect(page.rows()).to_have_count(20).await?;
    expect(tab.page.get_by_test_id("total"))
        .to_have_text("21 documents")
        .await?;
    expect(page.row("number-01.txt")).to_have_count(0).await?;
    tab.page.get_by_test_id("pager-next").click(None).await?;
    expect(page.rows()).to_have_count(1).await?;
    expect(page.row("number-01.txt")).to_be_visible().await?;
    expect(tab.page.get_by_test_id("pager-next"))
        .to_have_count(0)
        .await?;
    tab.page
        .get_by_test_id("pager-previous")
        .click(None)
        .await?;
    expect(page.rows()).to_have_count(20).await?;
    expect(page.rows().first())
        .to_contain_text("number-21.txt")
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_long_list_comes_in_pages() -> Result<()> {
    let vault = Vault::open().await;
    for number in 1..=21 {
        vault
            .client
            .upload(
                &format!("number-{number:02}.txt"),
                format!("Number {number}"),
            )
            .await;
    }
    journey(&vault, Look::with(Scripts::On), pages).await?;
    journey(&vault, Look::with(Scripts::Off), pages).await
}
