//! Topics: create, rename, a name that is taken, delete.

use anyhow::Result;
use end2end::{
    Look, Scripts, Tab, Vault, journey,
    pages::{TopicsPage, empty_state, flash_error},
};
use playwright_rs::expect;

async fn walk(tab: &Tab) -> Result<()> {
    tab.watch.expect_status(409);
    let page = TopicsPage::open(tab).await?;
    expect(empty_state(tab))
        .to_contain_text("No topics yet")
        .await?;
    page.create("Taxes", "Letters of the tax office.").await?;
    expect(page.row("Taxes"))
        .to_contain_text("Letters of the tax office.")
        .await?;
    page.create("Häuser & Gärten", "").await?;
    expect(page.rows()).to_have_count(2).await?;

    page.create("Taxes", "The same again.").await?;
    expect(flash_error(tab))
        .to_contain_text("You have a topic of this name already.")
        .await?;
    expect(page.rows()).to_have_count(2).await?;
    // What was typed is not lost.
    expect(page.new_name()).to_be_visible().await?;
    expect(page.new_name()).to_have_value("Taxes").await?;
    expect(page.new_name())
        .to_have_attribute("aria-describedby", "refused")
        .await?;
    let form = tab.page.get_by_test_id("new-topic");
    expect(form.locator("textarea"))
        .to_have_value("The same again.")
        .await?;

    page.create("Insurance", "").await?;
    expect(page.row("Insurance")).to_be_visible().await?;
    expect(flash_error(tab)).to_have_count(0).await?;

    name_is_taken(tab, &page).await?;
    page.rename("Taxes", "Tax office").await?;
    expect(page.row("Tax office"))
        .to_contain_text("Letters of the tax office.")
        .await?;
    expect(page.row("Taxes")).to_have_count(0).await?;
    expect(flash_error(tab)).to_have_count(0).await?;

    page.create("Insurance", "The same again.").await?;
    expect(flash_error(tab)).to_have_count(1).await?;
    for name in ["Häuser & Gärten", "Insurance"] {
        page.delete(name).await?;
        expect(page.row(name)).to_have_count(0).await?;
        expect(flash_error(tab)).to_have_count(0).await?;
    }
    page.delete("Tax office").await?;
    expect(empty_state(tab))
        .to_contain_text("No topics yet")
        .await?;
    Ok(())
}

async fn name_is_taken(tab: &Tab, page: &TopicsPage<'_>) -> Result<()> {
    page.rename("Taxes", "Insurance").await?;
    expect(flash_error(tab))
        .to_contain_text("You have a topic of this name already.")
        .await?;
    let name = page.row("Taxes").get_by_test_id("topic-name");
    expect(name.clone()).to_be_visible().await?;
    expect(name.clone()).to_have_value("Insurance").await?;
    Ok(expect(name)
        .to_have_attribute("aria-invalid", "true")
        .await?)
}

#[tokio::test]
async fn topics_come_change_and_go() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::On), walk).await
}

#[tokio::test]
async fn topics_come_change_and_go_without_scripts() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::Off), walk).await
}
