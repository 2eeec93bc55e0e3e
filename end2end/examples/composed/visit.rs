//! A visit in the browser.

use anyhow::{Context, Result};
use end2end::{
    Browser, Look, PATIENCE, Scripts, Tab,
    pages::{DocumentPage, DocumentsPage, file, sign_in},
};
use playwright_rs::expect;
use testkit::files;

/// Visits the vault twice.
pub async fn visit(vault: &str) -> Result<()> {
    let browser = Browser::launch().await?;
    for scripts in [Scripts::On, Scripts::Off] {
        let tab = browser.visit(vault, Look::with(scripts)).await?;
        let walked = walk(&tab)
            .await
            .with_context(|| format!("on {}", tab.page.url()));
        let complained = tab.close().await;
        walked.and(complained)?;
        println!("   {scripts:?}: signed in, uploaded, saw it ready, read it");
    }
    browser.close().await
}

/// With scripts the page learns by itself that the documents are ready, from whichever server it is
/// connected to.
async fn walk(tab: &Tab) -> Result<()> {
    sign_in(tab, "admin").await?;
    let page = DocumentsPage::open(tab).await?;
    let (letter, note) = names(tab.scripted());
    let files = [
        file(letter, files::pdf(&["A contract about electricity."])),
        file(note, "A note about the garden."),
    ];
    page.upload(&files).await?;
    for name in [letter, note] {
        ready(tab, &page, name).await?;
    }
    page.row(letter).locator("a.row-name").click(None).await?;
    let document = DocumentPage::here(tab);
    expect(document.text())
        .with_timeout(PATIENCE)
        .to_contain_text("contract about electricity")
        .await?;
    Ok(())
}

/// Each visit's own: a row is found by its name.
fn names(scripted: bool) -> (&'static str, &'static str) {
    if scripted {
        ("visited-letter.pdf", "visited-note.txt")
    } else {
        ("sent-letter.pdf", "sent-note.txt")
    }
}

async fn ready(tab: &Tab, page: &DocumentsPage<'_>, name: &str) -> Result<()> {
    if tab.scripted() {
        return Ok(expect(page.status(name))
            .with_timeout(PATIENCE)
            .to_have_text("Ready")
            .await?);
    }
    testkit::until(name, PATIENCE, async || {
        tab.reload().await?;
        let status = page.status(name).text_content().await?;
        Ok(status
            .is_some_and(|status| status.contains("Ready"))
            .then_some(()))
    })
    .await
}
