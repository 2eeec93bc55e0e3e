//! Settings: a provider, its key, which goes in and never comes out, and the test of it.

use anyhow::Result;
use end2end::{Look, Scripts, Tab, Vault, journey, pages::SettingsPage};
use playwright_rs::{AriaRole, GetByRoleOptions, expect};
use testkit::{Setup, TestApp};

const KEY: &str = "key-that-nobody-may-see-again";

/// A vault whose provider's address nobody listens at.
async fn vault() -> TestApp {
    Setup::default()
        .with("OPENAI_URL", "http://127.0.0.1:1/v1/")
        .start()
        .await
}

async fn key_is_nowhere(tab: &Tab) -> Result<()> {
    assert!(
        !tab.page.content().await?.contains(KEY),
        "the key is in the page"
    );
    Ok(expect(SettingsPage::here(tab).key("openai"))
        .to_have_value("")
        .await?)
}

async fn walk(tab: &Tab) -> Result<()> {
    let page = SettingsPage::open(tab).await?;
    expect(page.provider("local")).to_be_checked().await?;
    page.provider("openai").check(None).await?;
    expect(page.key_state("openai"))
        .to_have_text("No key is set.")
        .await?;
    page.key("openai").fill(KEY, None).await?;
    page.model("openai").fill("some-model", None).await?;
    page.prompt()
        .fill("</textarea>Letters are <b>letters</b>.", None)
        .await?;
    page.save().await?;
    expect(page.key_state("openai"))
        .to_contain_text("A key is set.")
        .await?;
    key_is_nowhere(tab).await?;

    tab.open("/settings").await?;
    expect(page.provider("openai")).to_be_checked().await?;
    expect(page.model("openai"))
        .to_have_value("some-model")
        .await?;
    expect(page.prompt())
        .to_have_value("</textarea>Letters are <b>letters</b>.")
        .await?;
    key_is_nowhere(tab).await?;

    let result = page.test().await?;
    expect(result.clone())
        .to_have_attribute("data-ok", "false")
        .await?;
    expect(result).to_contain_text("OpenAI").await?;
    key_is_nowhere(tab).await
}

#[tokio::test]
async fn a_provider_is_chosen_and_tested_and_its_key_stays_hidden() -> Result<()> {
    let vault = vault().await;
    journey(&vault, Look::with(Scripts::On), walk).await
}

#[tokio::test]
async fn a_provider_is_chosen_and_tested_and_its_key_stays_hidden_without_scripts() -> Result<()> {
    let vault = vault().await;
    journey(&vault, Look::with(Scripts::Off), walk).await
}

#[tokio::test]
async fn the_built_in_rules_answer_the_test() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let result = SettingsPage::open(tab).await?.test().await?;
        Ok(expect(result).to_have_attribute("data-ok", "true").await?)
    })
    .await
}

#[tokio::test]
async fn the_colours_chosen_stay() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        tab.open("/documents").await?;
        let dark = GetByRoleOptions::default().name("Dark");
        let button = tab.page.get_by_role(AriaRole::Button, Some(dark));
        button.click(None).await?;
        expect(tab.page.locator("html"))
            .to_have_attribute("data-theme", "dark")
            .await?;
        tab.reload().await?;
        expect(tab.page.locator("html"))
            .to_have_attribute("data-theme", "dark")
            .await?;
        expect(button)
            .to_have_attribute("aria-pressed", "true")
            .await?;
        Ok(())
    })
    .await
}
