//! Pages take each other's place: what runs goes on, the way back works, and a folder goes in whole.

use anyhow::Result;
use end2end::{
    Look, PATIENCE, Scripts, Tab, Vault, journey,
    pages::{DocumentsPage, TopicsPage, file, focused},
};
use playwright_rs::{expect, expect_page};

#[tokio::test]
async fn an_upload_goes_on_while_one_looks_elsewhere() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        tab.slow_down(1_500_000).await?;
        page.upload(&[file("large.txt", "A long story.\n".repeat(400_000))])
            .await?;
        let begun = page.upload_of("large.txt").locator("progress");
        expect(begun)
            .with_timeout(PATIENCE)
            .to_have_attribute_regex("value", "^[1-9]")
            .await?;
        let topics = tab.page.locator("nav[aria-label=Main] a[href='/topics']");
        topics.click(None).await?;
        expect(tab.page.locator("h1"))
            .to_have_text("Topics")
            .await?;
        expect(page.upload_of("large.txt"))
            .with_timeout(PATIENCE)
            .to_have_attribute("data-state", "stored")
            .await?;
        tab.page.go_back(None).await?;
        expect_page(&tab.page)
            .to_have_url(&tab.url("/documents"))
            .await?;
        expect(page.row("large.txt")).to_be_visible().await?;
        tab.page.go_forward(None).await?;
        Ok(expect(tab.page.locator("h1"))
            .to_have_text("Topics")
            .await?)
    })
    .await
}

#[tokio::test]
async fn a_folder_goes_in_with_all_that_is_in_it() -> Result<()> {
    let vault = Vault::open().await;
    let folder = tempfile::tempdir()?;
    let letters = folder.path().join("letters");
    std::fs::create_dir_all(letters.join("2026/spring"))?;
    for path in [
        "rent.txt",
        "2026/power.txt",
        "2026/spring/water.txt",
        ".hidden",
    ] {
        std::fs::write(letters.join(path), format!("This is {path}."))?;
    }
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        tab.drop_paths(&[&letters]).await?;
        for path in [
            "letters/rent.txt",
            "letters/2026/power.txt",
            "letters/2026/spring/water.txt",
        ] {
            expect(page.upload_of(path))
                .to_have_attribute("data-state", "stored")
                .await?;
        }
        expect(page.tray().locator("li")).to_have_count(3).await?;
        expect(page.rows()).to_have_count(3).await?;
        Ok(expect(page.row("water.txt")).to_be_visible().await?)
    })
    .await
}

/// What is typed, ticked and open is nobody's but the visitor's.
#[tokio::test]
async fn what_moves_by_itself_leaves_ones_work_alone() -> Result<()> {
    let vault = Vault::open().await;
    let note = vault.client.upload("note.txt", "A note.").await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        page.choose("note.txt").await?;
        vault.client.upload("later.txt", "A later note.").await;
        expect(page.row("later.txt")).to_be_visible().await?;
        expect(page.pick("note.txt")).to_be_checked().await?;
        expect(page.bulk()).to_contain_text("1 selected").await?;

        let topics = TopicsPage::open(tab).await?;
        topics.create("Garden", "").await?;
        expect(topics.row("Garden")).to_be_visible().await?;
        let form = tab.page.get_by_test_id("new-topic");
        form.locator("summary").click(None).await?;
        topics.new_name().fill("Half a na", None).await?;
        let body = serde_json::json!({ "topics": ["Garden"] });
        let path = format!("/api/documents/{}/topics", note.id);
        vault.client.send(http::Method::PUT, &path, body).await;
        expect(topics.row("Garden"))
            .to_contain_text("1 document")
            .await?;
        expect(topics.new_name()).to_have_value("Half a na").await?;
        focused(&topics.new_name()).await
    })
    .await
}

#[tokio::test]
async fn the_way_back_leads_to_the_same_place() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::wide(390), async |tab| {
        tab.open("/account").await?;
        tab.page
            .evaluate_expression("window.scrollTo(0, 600)")
            .await?;
        tab.delay(700).await?;
        let topics = tab.page.locator("nav[aria-label=Main] a[href='/topics']");
        topics.click(None).await?;
        // It takes long enough for grey bars, which are shorter than the page.
        expect(tab.page.locator("main[data-waiting]"))
            .to_have_count(1)
            .await?;
        expect(tab.page.locator("h1"))
            .to_have_text("Topics")
            .await?;
        tab.page.go_back(None).await?;
        expect(tab.page.locator("h1"))
            .to_have_text("Account")
            .await?;
        testkit::until("the place", PATIENCE, async || {
            let down: f64 = tab
                .page
                .evaluate("() => scrollY + 0.5", None::<&()>)
                .await?;
            Ok((down > 500.0).then_some(()))
        })
        .await
    })
    .await
}

/// Says that the page is seen, or not, as a browser does when another tab comes to the front.
async fn is_seen(tab: &Tab, seen: bool) -> Result<()> {
    let say = "(hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        return document.dispatchEvent(new Event('visibilitychange'));
    }";
    let said: bool = tab.page.evaluate(say, Some(&!seen)).await?;
    assert!(said);
    Ok(())
}

#[tokio::test]
async fn a_page_that_nobody_sees_does_not_listen() -> Result<()> {
    let vault = Vault::open().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        let count = "window.closed_streams = 0;
            const close = EventSource.prototype.close;
            EventSource.prototype.close = function () { closed_streams += 1; close.call(this); };
            undefined";
        tab.page.evaluate_expression(count).await?;
        is_seen(tab, false).await?;
        let closed: u32 = tab
            .page
            .evaluate("() => closed_streams", None::<&()>)
            .await?;
        assert_eq!(closed, 1);
        vault.client.upload("later.txt", "A later note.").await;
        is_seen(tab, true).await?;
        expect(page.row("later.txt")).to_be_visible().await?;
        vault.client.upload("latest.txt", "The latest note.").await;
        Ok(expect(page.row("latest.txt")).to_be_visible().await?)
    })
    .await
}
