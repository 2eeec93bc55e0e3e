//! Files go in: chosen, dropped, cancelled.

use anyhow::Result;
use end2end::{
    Look, PATIENCE, Scripts, Tab, journey,
    pages::{DocumentsPage, empty_state, file, sign_in},
};
use playwright_rs::{FilePayload, expect};
use testkit::{TestApp, files};

fn two_files() -> Vec<FilePayload> {
    vec![
        file(
            "contract.pdf",
            files::pdf(&["A contract about electricity."]),
        ),
        file("note.txt", "A note about the garden."),
    ]
}

/// The worker starts once the documents are shown as waiting: what follows can only have come by
/// itself.
#[tokio::test]
async fn files_move_to_ready_by_themselves() -> Result<()> {
    let mut vault = TestApp::start().await;
    let base = vault.client.clone();
    let browser = end2end::Browser::launch().await?;
    let tab = browser.visit(&base.base, Look::with(Scripts::On)).await?;
    sign_in(&tab, "admin").await?;
    let page = DocumentsPage::open(&tab).await?;
    expect(empty_state(&tab)).to_be_visible().await?;
    tab.mark().await?;
    page.upload(&two_files()).await?;
    for name in ["contract.pdf", "note.txt"] {
        expect(page.upload_of(name))
            .to_have_attribute("data-state", "stored")
            .await?;
        expect(page.status(name)).to_have_text("Waiting").await?;
    }
    expect(empty_state(&tab)).to_have_count(0).await?;
    vault.start_worker();
    for name in ["contract.pdf", "note.txt"] {
        expect(page.status(name))
            .with_timeout(PATIENCE)
            .to_have_text("Ready")
            .await?;
        expect(page.row(name).locator("img"))
            .with_timeout(PATIENCE)
            .to_have_count(1)
            .await?;
    }
    assert!(tab.is_still_marked().await?, "the page was loaded again");
    tab.close().await?;
    browser.close().await
}

#[tokio::test]
async fn a_form_uploads_without_scripts() -> Result<()> {
    let vault = TestApp::start_with_worker().await;
    journey(&vault, Look::with(Scripts::Off), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        page.upload(&two_files()).await?;
        for document in vault.client.documents("").await.documents {
            assert_eq!(vault.client.finished(document.id).await.status, "ready");
        }
        tab.reload().await?;
        for name in ["contract.pdf", "note.txt"] {
            expect(page.status(name)).to_have_text("Ready").await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_without_scripts_says_why_a_file_is_refused() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::Off), async |tab| {
        DocumentsPage::open(tab).await?;
        let program = file(
            "tool.exe",
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec(),
        );
        let input = tab.page.get_by_test_id("upload-input");
        input.set_input_files_payload(program, None).await?;
        tab.page
            .locator("form.upload button[type=submit]")
            .click(None)
            .await?;
        expect(end2end::pages::flash_error(tab))
            .to_contain_text("seems to be a program")
            .await?;
        expect(empty_state(tab)).to_be_visible().await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn files_dropped_into_the_window_are_listed_in_the_tray() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        expect(page.tray()).to_have_count(0).await?;
        let names: Vec<String> = (1..=5)
            .map(|number| format!("letter-{number}.txt"))
            .collect();
        let letters = names
            .iter()
            .map(|name| file(name, format!("This is {name}.")))
            .collect();
        page.drop_files(letters).await?;
        for name in &names {
            expect(page.upload_of(name))
                .to_have_attribute("data-state", "stored")
                .await?;
            expect(page.row(name)).to_be_visible().await?;
        }
        expect(page.tray().locator("h2"))
            .to_have_text("Uploads finished")
            .await?;
        page.tray().get_by_text("Clear", true).click(None).await?;
        expect(page.tray()).to_have_count(0).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_file_says_why_in_the_tray() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        tab.watch.expect_status(415);
        let page = DocumentsPage::open(tab).await?;
        let program = file(
            "tool.exe",
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec(),
        );
        page.upload(&[program, file("note.txt", "A note.")]).await?;
        let refused = page.upload_of("tool.exe");
        expect(refused.get_by_test_id("failure"))
            .to_contain_text("seems to be a program")
            .await?;
        expect(page.row("note.txt")).to_be_visible().await?;
        expect(page.rows()).to_have_count(1).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_cancelled_upload_leaves_nothing_behind() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        tab.slow_down(400_000).await?;
        page.upload(&[file("large.txt", "A long story.\n".repeat(1_000_000))])
            .await?;
        let upload = page.upload_of("large.txt");
        let begun = upload.locator("progress");
        expect(begun)
            .with_timeout(PATIENCE)
            .to_have_attribute_regex("value", "^[1-9]")
            .await?;
        upload
            .get_by_role(playwright_rs::AriaRole::Button, None)
            .click(None)
            .await?;
        expect(upload.clone())
            .to_have_attribute("data-state", "cancelled")
            .await?;
        nothing_is_kept(&vault, tab).await
    })
    .await
}

async fn nothing_is_kept(vault: &TestApp, tab: &Tab) -> Result<()> {
    testkit::until("an empty bucket", PATIENCE, async || {
        Ok(vault.bucket.keys().await.is_empty().then_some(()))
    })
    .await?;
    assert_eq!(vault.client.documents("").await.total, 0);
    DocumentsPage::open(tab).await?;
    Ok(expect(empty_state(tab)).to_be_visible().await?)
}
