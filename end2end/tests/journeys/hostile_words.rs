//! Markup in what people type or upload stays words.

use anyhow::Result;
use end2end::{
    Look, Scripts, Vault, journey,
    pages::{DocumentPage, DocumentsPage, TopicsPage, file},
};
use playwright_rs::expect;

const MARKUP: &str =
    "</textarea></title><script>window.ran=1</script><img src=x onerror=window.ran=1>";

#[tokio::test]
async fn markup_in_names_descriptions_and_text_does_not_run() -> Result<()> {
    let vault = Vault::open().await;
    vault.client.create_topic("<b>Bold</b>", MARKUP).await;
    let name = "<img src=x onerror=window.ran=1>.txt";
    let document = vault.client.upload(name, MARKUP).await;
    vault.client.finished(document.id).await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let topics = TopicsPage::open(tab).await?;
        expect(topics.rows()).to_contain_text("<b>Bold</b>").await?;
        expect(topics.rows())
            .to_contain_text("<script>window.ran=1</script>")
            .await?;
        let page = DocumentsPage::open(tab).await?;
        expect(page.rows()).to_contain_text(name).await?;
        let page = DocumentPage::open(tab, document.id).await?;
        expect(tab.page.locator("h1")).to_have_text(name).await?;
        expect(page.text())
            .to_contain_text("<script>window.ran=1</script>")
            .await?;
        assert!(!ran(tab).await?);
        let page = DocumentsPage::open(tab).await?;
        page.upload(&[file("<i>italic</i>.txt", "Words.")]).await?;
        expect(page.upload_of("<i>italic</i>.txt"))
            .to_be_visible()
            .await?;
        assert!(!ran(tab).await?);
        Ok(())
    })
    .await
}

async fn ran(tab: &end2end::Tab) -> Result<bool> {
    Ok(tab
        .page
        .evaluate("() => 'ran' in window", None::<&()>)
        .await?)
}
