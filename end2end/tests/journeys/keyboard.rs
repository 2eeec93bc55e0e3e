//! Without a mouse.

use anyhow::Result;
use end2end::{
    Look, PATIENCE, Scripts, Tab, Vault, journey,
    pages::{DocumentsPage, empty_state, focused},
};
use playwright_rs::{Locator, expect, expect_page};

fn palette(tab: &Tab) -> Locator {
    tab.page.get_by_test_id("palette")
}

/// Does something by the beginning of its name.
async fn command(tab: &Tab, typed: &str) -> Result<()> {
    tab.press("Control+k").await?;
    focused(&palette(tab).locator("input")).await?;
    tab.page.keyboard().type_text(typed, None).await?;
    tab.press("Enter").await?;
    Ok(expect(palette(tab)).to_be_hidden().await?)
}

/// Whether the palette shows the whole of it.
async fn is_in_view(option: &Locator) -> Result<bool> {
    let within = "(it) => {
        const [place, around] = [it, it.closest('dialog')].map((one) => one.getBoundingClientRect());
        return place.top >= around.top && place.bottom <= around.bottom;
    }";
    Ok(option.evaluate(within, None::<&()>).await?)
}

async fn choose_files(tab: &Tab, names: &[&str]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut paths = Vec::new();
    for name in names {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("This is {name}."))?;
        paths.push(path);
    }
    let coming = tab.page.expect_file_chooser(None).await?;
    command(tab, "upload").await?;
    coming.wait().await?.set_files(&paths).await?;
    for name in names {
        expect(DocumentsPage::here(tab).upload_of(name))
            .to_have_attribute("data-state", "stored")
            .await?;
    }
    Ok(())
}

/// Goes back to that button, from the one beside it that has the focus at first.
async fn tab_to(tab: &Tab, button: &Locator) -> Result<()> {
    for _ in 0..12 {
        let here: bool = button
            .evaluate("(it) => it === document.activeElement", None::<&()>)
            .await?;
        if here {
            return Ok(());
        }
        tab.press("Shift+Tab").await?;
    }
    anyhow::bail!("Shift and Tab do not lead there")
}

#[tokio::test]
async fn from_upload_to_deletion_by_keys_alone() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        choose_files(tab, &["one.txt", "two.txt"]).await?;
        for name in ["one.txt", "two.txt"] {
            expect(page.status(name))
                .with_timeout(PATIENCE)
                .to_have_text("Ready")
                .await?;
        }
        tab.press("j").await?;
        tab.press("x").await?;
        expect(page.bulk()).to_contain_text("1 selected").await?;
        tab.press("Shift+j").await?;
        expect(page.bulk()).to_contain_text("2 selected").await?;
        tab.press("Escape").await?;
        expect(page.bulk()).to_be_hidden().await?;
        tab.press("a").await?;
        expect(page.bulk()).to_contain_text("2 selected").await?;
        tab.press("Delete").await?;
        let confirm = page.bulk().get_by_test_id("bulk-confirm-delete");
        expect(confirm.clone()).to_be_visible().await?;
        tab_to(tab, &confirm).await?;
        tab.press("Enter").await?;
        expect(page.bulk_done())
            .to_have_text("2 documents are deleted.")
            .await?;
        Ok(expect(empty_state(tab)).to_be_visible().await?)
    })
    .await
}

#[tokio::test]
async fn the_palette_leads_to_pages_and_topics_and_gives_the_focus_back() -> Result<()> {
    let vault = Vault::open().await;
    vault.client.create_topic("Häuser & Gärten", "").await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        tab.open("/documents").await?;
        tab.mark().await?;
        command(tab, "sett").await?;
        expect(tab.page.locator("h1"))
            .to_have_text("Settings")
            .await?;

        tab.press("Control+k").await?;
        tab.press("ArrowUp").await?;
        let last = palette(tab).locator("[role=option]").last();
        expect(last.clone())
            .to_have_attribute("aria-selected", "true")
            .await?;
        assert!(is_in_view(&last).await?, "it has to be scrolled to");
        tab.page.keyboard().type_text("häuser", None).await?;
        let options = palette(tab).locator("[role=option]");
        expect(options.clone()).to_have_count(1).await?;
        tab.press("Enter").await?;
        expect_page(&tab.page)
            .to_have_url_regex("topic=H%C3%A4user")
            .await?;
        expect(tab.page.locator("h1"))
            .to_have_text("Documents")
            .await?;

        let topic = tab.page.get_by_test_id("filter-topic");
        topic.focus().await?;
        tab.press("Control+k").await?;
        tab.page
            .keyboard()
            .type_text("nothing like it", None)
            .await?;
        expect(palette(tab))
            .to_contain_text("Nothing has that name.")
            .await?;
        let field = palette(tab).locator("input");
        assert_eq!(field.get_attribute("aria-activedescendant").await?, None);
        tab.press("Escape").await?;
        expect(palette(tab)).to_be_hidden().await?;
        focused(&topic).await?;
        assert!(tab.is_still_marked().await?, "the page was loaded again");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_palette_finds_documents_by_their_names() -> Result<()> {
    let vault = Vault::open().await;
    let letter = vault
        .client
        .upload("Tax letter 2031.txt", b"Dear Madam")
        .await;
    vault.client.upload("Recipe.txt", b"Flour and water").await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        tab.open("/topics").await?;
        tab.press("Control+k").await?;
        tab.page.keyboard().type_text("TAX let", None).await?;
        let options = palette(tab).locator("[role=option]");
        expect(options.clone()).to_have_count(1).await?;
        expect(options)
            .to_contain_text("Tax letter 2031.txt")
            .await?;
        tab.press("Enter").await?;
        expect_page(&tab.page)
            .to_have_url_regex(&format!("/documents/{}$", letter.id))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_question_mark_lists_the_keys() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::wide(390), async |tab| {
        tab.open("/topics").await?;
        let keys = tab.page.get_by_test_id("keys");
        tab.press("?").await?;
        expect(keys.clone()).to_be_visible().await?;
        for _ in 0..3 {
            tab.press("Tab").await?;
            let outside: bool = keys
                .evaluate(
                    "(it) => document.activeElement !== document.body && !it.contains(document.activeElement)",
                    None::<&()>,
                )
                .await?;
            assert!(!outside, "the focus left the list");
        }
        tab.press("Escape").await?;
        Ok(expect(keys).to_be_hidden().await?)
    })
    .await
}

#[tokio::test]
async fn keys_of_one_letter_can_be_switched_off() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let keys = tab.page.get_by_test_id("keys");
        tab.open("/settings").await?;
        let switch = tab.page.get_by_test_id("set-keys");
        expect(switch.clone()).to_be_checked().await?;
        switch.uncheck(None).await?;
        for _ in 0..2 {
            tab.press("?").await?;
            expect(keys.clone()).to_be_hidden().await?;
            tab.reload().await?;
            expect(switch.clone()).not().to_be_checked().await?;
        }
        switch.check(None).await?;
        tab.press("?").await?;
        Ok(expect(keys).to_be_visible().await?)
    })
    .await
}
