//! Files go in: chosen, dropped, cancelled.

use anyhow::Result;
use end2end::{
    Look, PATIENCE, Scripts, Tab, Vault, journey,
    pages::{DocumentsPage, empty_state, file, sign_in},
};
use playwright_rs::{FilePayload, expect};
use testkit::{PASSWORD, TestApp, files};

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
    expect(tab.page.locator("form.filters"))
        .to_have_count(0)
        .await?;
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
    let vault = Vault::open().await;
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
    let vault = Vault::open().await;
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
    let vault = Vault::open().await;
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
    let vault = Vault::open().await;
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
        expect(refused.get_by_test_id("upload-again"))
            .to_have_count(0)
            .await?;
        expect(page.row("note.txt")).to_be_visible().await?;
        expect(page.rows()).to_have_count(1).await?;
        expect(page.tray().locator("h2"))
            .to_have_text("1 of 2 stored")
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_failed_can_be_tried_again() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::wide(390), async |tab| {
        tab.watch.expect_status(413);
        let page = DocumentsPage::open(tab).await?;
        let database = &vault.database;
        database.execute("UPDATE quotas SET limit_bytes = 1").await;
        page.upload(&[file("note.txt", "A note.")]).await?;
        let upload = page.upload_of("note.txt");
        expect(upload.clone())
            .to_have_attribute("data-state", "failed")
            .await?;
        database
            .execute("UPDATE quotas SET limit_bytes = 1000000")
            .await;
        upload.get_by_test_id("upload-again").click(None).await?;
        expect(upload)
            .to_have_attribute("data-state", "stored")
            .await?;
        Ok(expect(page.row("note.txt")).to_be_visible().await?)
    })
    .await
}

/// Signs in beside the page, as another tab would.
async fn sign_in_elsewhere(tab: &Tab) -> Result<()> {
    let form = [("login", "admin"), ("password", PASSWORD)];
    let signed_in: bool = tab
        .page
        .evaluate(
            "async (form) => {
                const body = new URLSearchParams(form);
                return (await fetch('/_fn/accounts/log_in', { method: 'POST', body })).ok;
            }",
            Some(&form),
        )
        .await?;
    assert!(signed_in);
    Ok(())
}

/// Whether the browser would ask before it leaves the page.
async fn asks_before_leaving(tab: &Tab) -> Result<bool> {
    let ask = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    Ok(tab.page.evaluate(ask, None::<&()>).await?)
}

#[tokio::test]
async fn files_wait_for_whoever_was_signed_out() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::wide(390), async |tab| {
        let page = DocumentsPage::open(tab).await?;
        assert!(!asks_before_leaving(tab).await?);
        tab.watch.expect_status(401);
        let sessions = "UPDATE sessions SET revoked_at = now()";
        vault.database.execute(sessions).await;
        page.upload(&[file("note.txt", "A note.")]).await?;
        let wait = tab.page.get_by_test_id("uploads-wait");
        expect(wait.clone()).to_be_visible().await?;
        let upload = page.upload_of("note.txt");
        expect(upload.clone())
            .to_have_attribute("data-state", "waiting")
            .await?;
        assert!(asks_before_leaving(tab).await?);
        end2end::axe::nothing_found(tab).await?;
        sign_in_elsewhere(tab).await?;
        tab.page.get_by_test_id("uploads-go-on").click(None).await?;
        expect(upload)
            .to_have_attribute("data-state", "stored")
            .await?;
        expect(wait).to_have_count(0).await?;
        assert!(!asks_before_leaving(tab).await?);
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
