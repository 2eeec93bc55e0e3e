//! Several documents at once: chosen, filed, filed again, deleted; as a list and as tiles.

use anyhow::Result;
use end2end::{
    Look, Scripts, Tab, Vault, journey,
    pages::{DocumentsPage, empty_state, focused},
};
use playwright_rs::{
    Locator, expect, expect_page,
    protocol::{ClickOptions, KeyboardModifier},
};

async fn vault_with_notes(names: &[&str]) -> Vault {
    let vault = Vault::open().await;
    vault.client.create_topic("Garden", "Roses, compost.").await;
    for name in names {
        let words = format!("This is {name}.");
        let document = vault.client.upload(name, words).await;
        vault.client.finished(document.id).await;
    }
    vault
}

/// In a box: what was chosen would be lost if it sent the form.
async fn enter_does_nothing(checkbox: &Locator) -> Result<()> {
    checkbox.press("Enter", None).await?;
    Ok(expect(checkbox.clone()).to_be_checked().await?)
}

async fn file_under_garden(page: &DocumentsPage<'_>) -> Result<()> {
    let topics = page.bulk().get_by_test_id("bulk-topics");
    topics.locator("summary").click(None).await?;
    topics.get_by_text("Garden", true).click(None).await?;
    enter_does_nothing(&topics.locator("input").first()).await?;
    topics.get_by_test_id("bulk-add-topics").click(None).await?;
    Ok(())
}

async fn delete(page: &DocumentsPage<'_>) -> Result<()> {
    let bulk = page.bulk();
    bulk.get_by_test_id("bulk-delete").click(None).await?;
    bulk.get_by_test_id("bulk-confirm-delete")
        .click(None)
        .await?;
    Ok(())
}

async fn walk(vault: &Vault, tab: &Tab) -> Result<()> {
    let page = DocumentsPage::open(tab).await?;
    expect(page.bulk()).to_be_hidden().await?;
    page.choose("one.txt").await?;
    page.choose("two.txt").await?;
    enter_does_nothing(&page.pick("two.txt")).await?;
    expect(page.bulk()).to_be_visible().await?;
    expect(page.row("two.txt").locator("time"))
        .to_be_visible()
        .await?;
    if tab.scripted() {
        expect(page.bulk()).to_contain_text("2 selected").await?;
        tab.mark().await?;
    }
    file_under_garden(&page).await?;
    expect(page.bulk_done())
        .to_have_text("2 documents are under the topics you chose.")
        .await?;
    for name in ["one.txt", "two.txt"] {
        let chip = page.row(name).get_by_test_id("topic-chip");
        expect(chip).to_have_text("Garden").await?;
    }
    let chip = page.row("three.txt").get_by_test_id("topic-chip");
    expect(chip).to_have_count(0).await?;
    expect(page.bulk()).to_be_hidden().await?;

    tab.page.get_by_test_id("undo").click(None).await?;
    expect(page.bulk_done())
        .to_have_text("2 documents have their topics back.")
        .await?;
    let chips = page.rows().get_by_test_id("topic-chip");
    expect(chips).to_have_count(0).await?;

    page.choose("three.txt").await?;
    page.bulk()
        .get_by_test_id("bulk-classify")
        .click(None)
        .await?;
    expect(page.bulk_done())
        .to_have_text("1 document is being filed again.")
        .await?;

    page.choose("one.txt").await?;
    page.choose("three.txt").await?;
    delete(&page).await?;
    expect(page.bulk_done())
        .to_have_text("2 documents are deleted.")
        .await?;
    expect(page.rows()).to_have_count(1).await?;
    expect(page.row("two.txt")).to_be_visible().await?;
    assert_eq!(vault.client.documents("").await.total, 1);
    if tab.scripted() {
        assert!(tab.is_still_marked().await?, "the page was loaded again");
        tab.reload().await?;
    } else {
        tab.page.get_by_test_id("dismiss").click(None).await?;
    }
    expect_page(&tab.page)
        .to_have_url(&tab.url("/documents"))
        .await?;
    Ok(expect(page.bulk_done()).to_be_hidden().await?)
}

#[tokio::test]
async fn several_documents_are_filed_and_deleted_at_once() -> Result<()> {
    let vault = vault_with_notes(&["one.txt", "two.txt", "three.txt"]).await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        walk(&vault, tab).await
    })
    .await
}

#[tokio::test]
async fn several_documents_are_filed_and_deleted_at_once_without_scripts() -> Result<()> {
    let vault = vault_with_notes(&["one.txt", "two.txt", "three.txt"]).await;
    let phone = Look {
        scripts: Scripts::Off,
        ..Look::wide(390)
    };
    journey(&vault, phone, async |tab| walk(&vault, tab).await).await
}

/// While topics are being chosen, keys do nothing to the documents; what is open innermost closes first.
async fn keys_are_for_the_topics(tab: &Tab, page: &DocumentsPage<'_>) -> Result<()> {
    let topics = page.bulk().get_by_test_id("bulk-topics");
    topics.locator("summary").click(None).await?;
    let garden = topics.locator("input").first();
    garden.focus().await?;
    for key in ["Delete", "a", "j"] {
        tab.press(key).await?;
        focused(&garden).await?;
    }
    expect(page.bulk().get_by_test_id("bulk-confirm-delete"))
        .to_be_hidden()
        .await?;
    tab.press("Escape").await?;
    expect(garden).to_be_hidden().await?;
    expect(page.bulk()).to_contain_text("4 selected").await?;
    tab.press("Escape").await?;
    Ok(expect(page.bulk()).to_be_hidden().await?)
}

#[tokio::test]
async fn shift_chooses_all_in_between() -> Result<()> {
    let vault = vault_with_notes(&["1.txt", "2.txt", "3.txt", "4.txt"]).await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        page.choose("4.txt").await?;
        let shift = ClickOptions::builder()
            .modifiers(vec![KeyboardModifier::Shift])
            .build();
        page.pick("2.txt").click(Some(shift)).await?;
        expect(page.bulk()).to_contain_text("3 selected").await?;
        expect(page.pick("3.txt")).to_be_checked().await?;
        expect(page.pick("1.txt")).not().to_be_checked().await?;
        tab.page.get_by_test_id("pick-all").click(None).await?;
        expect(page.bulk()).to_contain_text("4 selected").await?;
        keys_are_for_the_topics(tab, &page).await?;
        tab.page.get_by_test_id("pick-all").click(None).await?;
        delete(&page).await?;
        expect(empty_state(tab)).to_be_visible().await?;
        Ok(())
    })
    .await
}

async fn the_grid_stays(tab: &Tab) -> Result<()> {
    let page = DocumentsPage::open(tab).await?;
    expect(page.list())
        .to_have_attribute("class", "rows list")
        .await?;
    page.lay_out_as("grid").await?;
    expect(page.list())
        .to_have_attribute("class", "rows grid")
        .await?;
    for part in ["img", "time"] {
        expect(page.row("letter.pdf").locator(part))
            .to_be_visible()
            .await?;
    }
    let page = DocumentsPage::open(tab).await?;
    expect(page.list())
        .to_have_attribute("class", "rows grid")
        .await?;
    page.filter_by_status("Ready").await?;
    expect_page(&tab.page)
        .to_have_url_regex("status=ready")
        .await?;
    expect(page.list())
        .to_have_attribute("class", "rows grid")
        .await?;
    page.lay_out_as("list").await?;
    expect_page(&tab.page)
        .to_have_url_regex("status=ready")
        .await?;
    expect(page.list())
        .to_have_attribute("class", "rows list")
        .await?;
    Ok(())
}

async fn vault_with_a_letter() -> Vault {
    let vault = Vault::open().await;
    let letter = testkit::files::pdf(&["A letter about the garden."]);
    let letter = vault.client.upload("letter.pdf", letter).await;
    vault.client.finished(letter.id).await;
    vault
}

#[tokio::test]
async fn tiles_show_first_pages_and_stay() -> Result<()> {
    let vault = vault_with_a_letter().await;
    journey(&vault, Look::with(Scripts::On), the_grid_stays).await
}

#[tokio::test]
async fn tiles_show_first_pages_and_stay_without_scripts() -> Result<()> {
    let vault = vault_with_a_letter().await;
    journey(&vault, Look::with(Scripts::Off), the_grid_stays).await
}
