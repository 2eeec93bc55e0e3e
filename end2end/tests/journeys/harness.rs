//! The watch itself: a journey must fail when the browser complains.

use anyhow::Result;
use end2end::{Browser, Look, Scripts, axe, checks, journey};
use playwright_rs::expect;
use testkit::TestApp;

#[tokio::test]
async fn a_page_without_fault_passes() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        tab.page.goto(&tab.url("/api/docs/"), None).await?;
        Ok(expect(tab.page.locator("h1, h2").first())
            .to_contain_text("DocuVault")
            .await?)
    })
    .await
}

#[tokio::test]
async fn every_kind_of_complaint_is_told() -> Result<()> {
    let vault = TestApp::start().await;
    let browser = Browser::launch().await?;
    let tab = browser
        .visit(&vault.client.base, Look::with(Scripts::On))
        .await?;
    tab.page.goto(&tab.url("/login"), None).await?;
    tab.watch.nothing_went_wrong()?;
    let faults = "async () => {
        console.error('spoken fault');
        setTimeout(() => { throw new Error('thrown fault') });
        await fetch('/api/nowhere');
        await fetch('http://127.0.0.1:1/', { mode: 'no-cors' }).catch(() => {});
        return true;
    }";
    let _: bool = tab.page.evaluate(faults, None::<&()>).await?;
    let told = testkit::until("the complaints", end2end::PATIENCE, async || {
        let told = tab
            .watch
            .nothing_went_wrong()
            .err()
            .map(|complaints| complaints.to_string());
        let kinds = [
            "spoken fault",
            "thrown fault",
            "/api/nowhere",
            "127.0.0.1:1/",
        ];
        Ok(told.filter(|told| kinds.iter().all(|kind| told.contains(kind))))
    })
    .await;
    tab.close()
        .await
        .expect_err("the complaints are told at the end, too");
    browser.close().await?;
    told.map(drop)
}

#[tokio::test]
async fn a_page_with_faults_is_not_sound() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::wide(390), async |tab| {
        tab.open("/settings").await?;
        checks::sound(tab).await?;
        for fault in [
            "document.querySelector('main').append(document.createElement('h1'))",
            "document.body.style.width = '2000px'",
            "document.title = 'Something else'",
            "document.querySelector('main').append(document.createElement('select'))",
            "document.querySelector('main').append(document.createElement('img'))",
            "document.querySelector('main').append(document.createElement('button'))",
        ] {
            tab.reload().await?;
            tab.page.evaluate_expression(fault).await?;
            assert!(checks::sound(tab).await.is_err(), "not seen: {fault}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_that_some_can_not_read_is_found() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::wide(1440), async |tab| {
        for fault in [
            "document.querySelector('h1').style.color = '#ddd'",
            "document.querySelector('nav').setAttribute('role', 'nonsense')",
        ] {
            tab.open("/topics").await?;
            axe::nothing_found(tab).await?;
            tab.page.evaluate_expression(fault).await?;
            assert!(axe::nothing_found(tab).await.is_err(), "not seen: {fault}");
        }
        Ok(())
    })
    .await
}
