//! A forgotten password, and another address, by links in mails.

use anyhow::Result;
use end2end::{
    Look, Scripts, Tab, checks, journey_as,
    pages::{fill_and_send, flash_error},
};
use playwright_rs::{expect, expect_page};
use testkit::{
    PASSWORD, Setup, TestApp,
    smtp::{Received, SmtpSink},
};

const NEW: &str = "quite another password, as long";

async fn vault() -> (TestApp, SmtpSink) {
    let sink = SmtpSink::start().await;
    let vault = Setup::default()
        .with("SMTP_URL", sink.url())
        .with("MAIL_FROM", "DocuVault <vault@vault.test>")
        .start()
        .await;
    (vault, sink)
}

/// Opens the link in a mail.
async fn follow(tab: &Tab, mail: &Received) -> Result<String> {
    let link = mail
        .text
        .split_whitespace()
        .find(|word| word.contains("?token="))
        .unwrap();
    tab.page.goto(link, None).await?;
    tab.alive().await?;
    checks::sound(tab).await?;
    Ok(link.to_owned())
}

async fn forgotten(look: Look) -> Result<()> {
    let (vault, sink) = vault().await;
    journey_as(&vault, None, look, async |tab| {
        tab.open("/login").await?;
        let forgot = tab.page.get_by_text("Forgot the password?", false);
        forgot.click(None).await?;
        fill_and_send(tab, "forgot", &[("name", "admin")]).await?;
        expect(tab.page.get_by_test_id("reset-sent"))
            .to_be_visible()
            .await?;
        checks::sound(tab).await?;
        let mail = sink.wait_for("admin@vault.test").await;
        let link = follow(tab, &mail).await?;

        fill_and_send(tab, "reset", &[("password", "password1234")]).await?;
        expect(flash_error(tab)).to_be_visible().await?;
        tab.alive().await?;
        fill_and_send(tab, "reset", &[("password", NEW)]).await?;
        expect(tab.page.get_by_test_id("password-chosen"))
            .to_be_visible()
            .await?;
        tab.alive().await?;
        fill_and_send(tab, "login", &[("name", "admin"), ("password", NEW)]).await?;
        expect_page(&tab.page)
            .to_have_url(&tab.url("/documents"))
            .await?;
        tab.alive().await?;

        tab.page.goto(&link, None).await?;
        tab.alive().await?;
        fill_and_send(tab, "reset", &[("password", NEW)]).await?;
        expect(flash_error(tab))
            .to_contain_text("no longer works")
            .await?;
        tab.alive().await?;
        let another = tab.page.get_by_text("Ask for another", false).last();
        another.click(None).await?;
        expect(tab.page.get_by_test_id("forgot-submit"))
            .to_be_visible()
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_by_a_link_in_a_mail() -> Result<()> {
    forgotten(Look::with(Scripts::On)).await
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_without_scripts() -> Result<()> {
    forgotten(Look {
        scripts: Scripts::Off,
        ..Look::wide(390)
    })
    .await
}

async fn another_address(look: Look) -> Result<()> {
    let (vault, sink) = vault().await;
    journey_as(&vault, Some("admin"), look, async |tab| {
        tab.open("/account").await?;
        let fields = [("address", "new@vault.test"), ("password", PASSWORD)];
        fill_and_send(tab, "email", &fields).await?;
        expect(tab.page.get_by_test_id("email-pending"))
            .to_contain_text("new@vault.test")
            .await?;
        checks::sound(tab).await?;
        checks::picture(tab, "email-pending").await?;
        let mail = sink.wait_for("new@vault.test").await;
        follow(tab, &mail).await?;
        expect(tab.page.get_by_test_id("waiting-address"))
            .to_contain_text("new@vault.test")
            .await?;
        tab.page.get_by_test_id("confirm-email").click(None).await?;
        expect(tab.page.get_by_test_id("email-confirmed"))
            .to_be_visible()
            .await?;
        tab.open("/account").await?;
        expect(tab.page.get_by_test_id("account"))
            .to_contain_text("new@vault.test")
            .await?;
        expect(tab.page.get_by_test_id("email-pending"))
            .to_have_count(0)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_address_is_confirmed_by_a_link_in_a_mail() -> Result<()> {
    another_address(Look::wide(390)).await
}

#[tokio::test]
async fn another_address_is_confirmed_without_scripts() -> Result<()> {
    another_address(Look::with(Scripts::Off)).await
}

#[tokio::test]
async fn without_mail_the_page_says_whom_to_ask() -> Result<()> {
    let vault = TestApp::start().await;
    journey_as(&vault, None, Look::wide(390), async |tab| {
        tab.open("/login").await?;
        expect(
            tab.page
                .get_by_text("Ask the vault's admin for a link", false),
        )
        .to_be_visible()
        .await?;
        tab.open("/forgot-password").await?;
        expect(tab.page.get_by_test_id("ask-the-admin"))
            .to_be_visible()
            .await?;
        Ok(())
    })
    .await
}
