//! Setting up an authenticator app, and signing in with it.

use anyhow::Result;
use auth::Totp;
use domain::Clock;
use end2end::{
    Look, Scripts, Tab, checks, journey,
    pages::{SecondFactor, flash_error, give_code, give_password},
};
use playwright_rs::{expect, expect_page};
use testkit::TestApp;

fn code(totp: &Totp) -> String {
    totp.code_at(Clock::system().now()).unwrap()
}

/// As if every code that was used had been one of long ago.
async fn some_time_later(vault: &TestApp) {
    vault
        .database
        .execute("UPDATE users SET totp_last_step = totp_last_step - 100")
        .await;
}

async fn set_up(tab: &Tab) -> Result<(Totp, Vec<String>)> {
    let factor = SecondFactor::open(tab).await?;
    let totp = Totp::from_base32(&factor.begin().await?).unwrap();
    checks::sound(tab).await?;
    checks::picture(tab, "second-factor-app").await?;
    let codes = factor.confirm(&code(&totp)).await?;
    assert_eq!(codes.len(), 10);
    checks::sound(tab).await?;
    checks::picture(tab, "second-factor-codes").await?;
    tab.reload().await?;
    expect(factor.codes()).to_have_count(0).await?;
    expect(tab.page.locator("[data-print]"))
        .to_have_count(0)
        .await?;
    Ok((totp, codes))
}

async fn sign_out_and_ask_for(tab: &Tab, path: &str) -> Result<()> {
    tab.open("/account").await?;
    // On a phone it stands on this page.
    let everywhere = tab.page.get_by_test_id("sign-out-everywhere");
    everywhere.click(None).await?;
    expect(tab.page.get_by_test_id("login-form"))
        .to_be_visible()
        .await?;
    tab.open(path).await?;
    Ok(())
}

async fn the_whole_way(vault: &TestApp, tab: &Tab) -> Result<()> {
    let (totp, codes) = set_up(tab).await?;
    some_time_later(vault).await;

    sign_out_and_ask_for(tab, "/topics").await?;
    give_password(tab, "admin").await?;
    checks::sound(tab).await?;
    checks::picture(tab, "second-factor-step").await?;
    give_code(tab, "000000 no code").await?;
    expect(flash_error(tab).first()).to_be_visible().await?;
    give_code(tab, &code(&totp)).await?;
    expect_page(&tab.page)
        .to_have_url(&tab.url("/topics"))
        .await?;

    sign_out_and_ask_for(tab, "/documents").await?;
    give_password(tab, "admin").await?;
    give_code(tab, &codes[3]).await?;
    expect_page(&tab.page)
        .to_have_url(&tab.url("/documents"))
        .await?;

    let factor = SecondFactor::open(tab).await?;
    expect(factor.card())
        .to_contain_text("9 recovery codes are left")
        .await?;
    checks::sound(tab).await?;
    checks::picture(tab, "second-factor-on").await?;
    factor.confirm_with_password("new-codes").await?;
    expect(factor.codes()).to_have_count(10).await?;

    let factor = SecondFactor::open(tab).await?;
    factor.confirm_with_password("totp-off").await?;
    expect(factor.card())
        .to_contain_text("The authenticator app is off")
        .await?;
    Ok(())
}

#[tokio::test]
async fn an_app_is_set_up_asked_for_and_switched_off() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        the_whole_way(&vault, tab).await
    })
    .await
}

#[tokio::test]
async fn the_second_factor_works_without_scripts() -> Result<()> {
    let vault = TestApp::start().await;
    let phone = Look {
        scripts: Scripts::Off,
        ..Look::wide(390)
    };
    journey(&vault, phone, async |tab| the_whole_way(&vault, tab).await).await
}
