//! What admins do for others: make accounts, look for them, disable them, say who files.

use anyhow::Result;
use end2end::{
    Browser, Look, Scripts, Tab, checks, journey,
    pages::{SettingsPage, UsersPage, choose_and_save, fill_and_send, sign_in},
};
use playwright_rs::{expect, expect_page};
use testkit::{PASSWORD, TestApp};

async fn an_account_from_its_beginning_to_its_end(scripts: Scripts) -> Result<()> {
    let vault = TestApp::start().await;
    let browser = Browser::launch().await?;
    let admin = browser
        .visit(&vault.client.base, Look::with(scripts))
        .await?;
    let ada = browser
        .visit(&vault.client.base, Look::with(scripts))
        .await?;
    sign_in(&admin, "admin").await?;
    let link = UsersPage::open(&admin).await?.create("ada").await?;
    checks::sound(&admin).await?;
    checks::picture(&admin, "user-created").await?;

    ada.page.goto(&link, None).await?;
    ada.alive().await?;
    fill_and_send(&ada, "reset", &[("password", PASSWORD)]).await?;
    expect(ada.page.get_by_test_id("login-form"))
        .to_be_visible()
        .await?;
    sign_in(&ada, "ada").await?;

    // The link is not shown a second time.
    let users = UsersPage::open(&admin).await?;
    users.visit("ada").await?;
    expect(admin.page.get_by_test_id("link-text"))
        .to_have_count(0)
        .await?;
    choose_and_save(&admin, "user-active", "false", "save-user").await?;
    expect(admin.page.get_by_test_id("user-status"))
        .to_have_text("Disabled")
        .await?;
    ada.page.goto(&ada.url("/topics"), None).await?;
    expect(ada.page.get_by_test_id("login-form"))
        .to_be_visible()
        .await?;

    admin.page.get_by_test_id("delete-user").click(None).await?;
    let typed = admin.page.get_by_test_id("delete-user-handle");
    typed.fill("ada", None).await?;
    let confirm = admin.page.get_by_test_id("confirm-delete-user");
    confirm.click(None).await?;
    expect(admin.page.get_by_test_id("users-done"))
        .to_have_text("The account is deleted.")
        .await?;
    expect(UsersPage::open(&admin).await?.rows())
        .to_have_count(1)
        .await?;
    admin.close().await?;
    ada.close().await?;
    browser.close().await
}

#[tokio::test]
async fn an_account_is_made_used_disabled_and_deleted() -> Result<()> {
    an_account_from_its_beginning_to_its_end(Scripts::On).await
}

#[tokio::test]
async fn an_account_is_made_used_disabled_and_deleted_without_scripts() -> Result<()> {
    an_account_from_its_beginning_to_its_end(Scripts::Off).await
}

#[tokio::test]
async fn somebody_is_found_among_many_and_on_a_phone_too() -> Result<()> {
    let vault = TestApp::start().await;
    for handle in ["ada", "adam", "eve"] {
        vault.person(handle).await;
    }
    for look in [Look::wide(390), Look::with(Scripts::Off)] {
        journey(&vault, look, async |tab| {
            let users = UsersPage::open(tab).await?;
            expect(users.rows()).to_have_count(4).await?;
            users.search("ADA").await?;
            expect_page(&tab.page)
                .to_have_url(&tab.url("/admin/users?search=ADA"))
                .await?;
            expect(users.rows()).to_have_count(2).await?;
            checks::sound(tab).await?;
            users.search("nobody at all").await?;
            expect(tab.page.get_by_test_id("empty-state"))
                .to_be_visible()
                .await?;
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_invitation_is_shown_once() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let link = UsersPage::open(tab).await?.invite().await?;
        assert!(link.contains("/register?token="), "{link}");
        UsersPage::open(tab).await?;
        expect(tab.page.get_by_test_id("link-text"))
            .to_have_count(0)
            .await?;
        Ok(())
    })
    .await
}

async fn save(tab: &Tab, settings: &SettingsPage<'_>) -> Result<()> {
    settings.save().await?;
    if tab.scripted() {
        expect(tab.page.get_by_test_id("settings-saved"))
            .to_have_text("The settings are saved.")
            .await?;
    }
    Ok(())
}

async fn who_files(scripts: Scripts) -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(scripts), async |tab| {
        let settings = SettingsPage::open(tab).await?;
        let local_only = tab.page.get_by_test_id("local-only");
        local_only.check(None).await?;
        save(tab, &settings).await?;
        SettingsPage::open(tab).await?;
        expect(local_only.clone()).to_be_checked().await?;
        local_only.uncheck(None).await?;
        save(tab, &settings).await?;
        SettingsPage::open(tab).await?;
        expect(local_only).not().to_be_checked().await?;

        UsersPage::open(tab).await?.visit("admin").await?;
        choose_and_save(tab, "user-provider", "openai", "save-filing").await?;
        let settings = SettingsPage::open(tab).await?;
        expect(tab.page.get_by_test_id("assigned"))
            .to_contain_text("OpenAI")
            .await?;
        expect(settings.provider("openai")).to_be_checked().await?;
        expect(settings.provider("local")).to_be_disabled().await?;
        checks::sound(tab).await?;
        checks::picture(tab, "settings-assigned").await?;
        save(tab, &settings).await
    })
    .await
}

#[tokio::test]
async fn who_files_is_said_by_admins_and_what_is_sent_by_its_owner() -> Result<()> {
    who_files(Scripts::On).await
}

#[tokio::test]
async fn who_files_is_said_without_scripts_too() -> Result<()> {
    who_files(Scripts::Off).await
}

#[tokio::test]
async fn nobody_else_gets_there() -> Result<()> {
    let vault = TestApp::start().await;
    vault.person("eve").await;
    end2end::journey_as(&vault, Some("eve"), Look::wide(390), async |tab| {
        tab.watch.expect_status(403);
        assert_eq!(tab.open("/admin/users").await?, 403);
        expect(tab.page.locator("h1"))
            .to_have_text("Not allowed")
            .await?;
        checks::sound(tab).await?;
        Ok(())
    })
    .await
}
