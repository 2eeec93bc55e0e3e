//! Making an account, signing in and out, tokens; nobody sees what is another's.

use anyhow::Result;
use domain::Caller;
use end2end::{
    Browser, Look, Scripts, journey_as,
    pages::{AccountPage, fill_and_send, flash_error, sign_in},
};
use playwright_rs::{expect, expect_page};
use secrecy::ExposeSecret;
use testkit::{PASSWORD, Setup, TestApp};

async fn set_up_by_the_printed_link(scripts: Scripts) -> Result<()> {
    let vault = Setup::default().without_accounts().start().await;
    let services = vault.services();
    let link = services
        .accounts()
        .set_up_link(&Caller::system("a test"))
        .await?;
    let link = link.unwrap();
    journey_as(&vault, None, Look::with(scripts), async |tab| {
        tab.page.goto(link.expose_secret(), None).await?;
        tab.alive().await?;
        let fields = [
            ("handle", "ada"),
            ("email", "ada@vault.test"),
            ("password", PASSWORD),
        ];
        fill_and_send(tab, "setup", &fields).await?;
        expect_page(&tab.page)
            .to_have_url(&tab.url("/documents"))
            .await?;
        expect(tab.page.get_by_test_id("account-handle").first())
            .to_contain_text("ada")
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_set_up_link_makes_the_first_account() -> Result<()> {
    set_up_by_the_printed_link(Scripts::On).await
}

#[tokio::test]
async fn the_set_up_link_works_without_scripts() -> Result<()> {
    set_up_by_the_printed_link(Scripts::Off).await
}

#[tokio::test]
async fn whoever_registers_in_an_open_vault_is_signed_in() -> Result<()> {
    let vault = Setup::default().with("REGISTRATION", "open").start().await;
    journey_as(&vault, None, Look::wide(390), async |tab| {
        tab.open("/register").await?;
        let weak = [
            ("handle", "ada"),
            ("email", "ada@vault.test"),
            ("password", "password1234"),
        ];
        tab.watch.expect_status(422);
        fill_and_send(tab, "register", &weak).await?;
        expect(flash_error(tab).first()).to_be_visible().await?;
        fill_and_send(tab, "register", &[("password", PASSWORD)]).await?;
        expect_page(&tab.page)
            .to_have_url(&tab.url("/documents"))
            .await?;
        Ok(())
    })
    .await
}

async fn in_and_out(scripts: Scripts) -> Result<()> {
    let vault = TestApp::start().await;
    journey_as(&vault, None, Look::with(scripts), async |tab| {
        tab.open("/topics").await?;
        expect(tab.page.get_by_test_id("login-form"))
            .to_be_visible()
            .await?;
        tab.watch.expect_status(401);
        fill_and_send(
            tab,
            "login",
            &[("name", "admin"), ("password", "a wrong guess")],
        )
        .await?;
        expect(flash_error(tab).first()).to_be_visible().await?;
        let name = tab.page.get_by_test_id("login-name");
        expect(name.clone()).to_have_value("admin").await?;
        expect(name)
            .to_have_attribute("aria-invalid", "true")
            .await?;
        fill_and_send(tab, "login", &[("password", PASSWORD)]).await?;
        expect_page(&tab.page)
            .to_have_url(&tab.url("/topics"))
            .await?;
        tab.alive().await?;
        tab.page
            .get_by_test_id("sign-out")
            .first()
            .click(None)
            .await?;
        expect(tab.page.get_by_test_id("login-form"))
            .to_be_visible()
            .await?;
        tab.open("/documents").await?;
        expect(tab.page.get_by_test_id("login-form"))
            .to_be_visible()
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_signs_in_to_where_one_wanted_to_go_and_out_again() -> Result<()> {
    in_and_out(Scripts::On).await
}

#[tokio::test]
async fn signing_in_and_out_works_without_scripts() -> Result<()> {
    in_and_out(Scripts::Off).await
}

#[tokio::test]
async fn signing_out_everywhere_reaches_the_other_browser() -> Result<()> {
    let vault = TestApp::start().await;
    let browser = Browser::launch().await?;
    let here = browser
        .visit(&vault.client.base, Look::with(Scripts::On))
        .await?;
    let there = browser.visit(&vault.client.base, Look::wide(390)).await?;
    sign_in(&here, "admin").await?;
    sign_in(&there, "admin").await?;
    let account = AccountPage::open(&here).await?;
    // The third was begun when the vault was set up.
    expect(account.sessions()).to_have_count(3).await?;
    account.sign_out_everywhere().click(None).await?;
    expect(here.page.get_by_test_id("login-form"))
        .to_be_visible()
        .await?;
    there.page.goto(&there.url("/topics"), None).await?;
    expect(there.page.get_by_test_id("login-form"))
        .to_be_visible()
        .await?;
    here.close().await?;
    there.close().await?;
    browser.close().await
}

async fn a_token(scripts: Scripts) -> Result<()> {
    let vault = TestApp::start().await;
    journey_as(&vault, Some("admin"), Look::with(scripts), async |tab| {
        let account = AccountPage::open(tab).await?;
        account.create_token("Backup").await?;
        expect(account.token_text()).to_be_visible().await?;
        let text = account.token_text().input_value(None).await?;
        let answer = vault.client.with_token(text).get("/api/documents").await;
        assert_eq!(answer.status(), 200);
        let account = AccountPage::open(tab).await?;
        expect(account.tokens()).to_have_count(1).await?;
        expect(account.token_text()).to_have_count(0).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_token_is_shown_once_and_works() -> Result<()> {
    a_token(Scripts::On).await
}

#[tokio::test]
async fn a_token_can_be_made_without_scripts() -> Result<()> {
    a_token(Scripts::Off).await
}

#[tokio::test]
async fn anothers_document_is_not_found_in_any_view() -> Result<()> {
    let vault = TestApp::start().await;
    let ada = vault.person("ada").await;
    vault.person("eve").await;
    let document = ada.upload("secret.txt", "Ada's own.").await;
    ada.create_topic("Private", "").await;
    journey_as(&vault, Some("eve"), Look::with(Scripts::On), async |tab| {
        tab.watch.expect_status(404);
        let page = format!("/documents/{}", document.id);
        assert_eq!(tab.open(&page).await?, 404);
        for part in ["", "/content", "/thumbnail"] {
            let path = format!("/api/documents/{}{part}", document.id);
            let answer = tab.page.goto(&tab.url(&path), None).await?;
            assert_eq!(answer.unwrap().status(), 404, "{part}");
        }
        for page in ["/documents", "/topics"] {
            tab.open(page).await?;
            let text = tab.page.locator("body").inner_text().await?;
            assert!(
                !text.contains("secret.txt") && !text.contains("Private"),
                "{page}"
            );
        }
        Ok(())
    })
    .await
}
