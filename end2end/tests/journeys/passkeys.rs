//! Passkeys: adding one, signing in with it, removing it.

use anyhow::Result;
use end2end::{
    Look, Scripts, Tab, checks, journey,
    pages::{
        AccountPage, Passkeys, fill_and_send, flash_error, give_password, passkey_button,
        passkey_status,
    },
};
use playwright_rs::{expect, expect_page};
use testkit::{PASSWORD, Setup, TestApp};

/// Browsers know passkeys where there is a name.
async fn vault() -> TestApp {
    Setup::default().at_a_name().start().await
}

async fn sign_out(tab: &Tab) -> Result<()> {
    let account = AccountPage::open(tab).await?;
    account.sign_out_everywhere().click(None).await?;
    expect(tab.page.get_by_test_id("login-form"))
        .to_be_visible()
        .await?;
    tab.open("/login").await?;
    Ok(())
}

async fn is_at(tab: &Tab, path: &str) -> Result<()> {
    Ok(expect_page(&tab.page).to_have_url(&tab.url(path)).await?)
}

/// Adds the first one; with it come recovery codes.
async fn add_the_first(tab: &Tab) -> Result<()> {
    let passkeys = Passkeys::open(tab).await?;
    passkeys.add("Phone", PASSWORD).await?;
    is_at(tab, "/account/recovery-codes").await?;
    expect(tab.page.get_by_test_id("recovery-code"))
        .to_have_count(10)
        .await?;
    Ok(())
}

async fn the_whole_way(tab: &Tab) -> Result<()> {
    let _authenticator = tab.add_authenticator().await?;
    add_the_first(tab).await?;
    let passkeys = Passkeys::open(tab).await?;
    expect(passkeys.rows()).to_have_count(1).await?;
    expect(passkeys.card())
        .to_contain_text("never used")
        .await?;

    sign_out(tab).await?;
    expect(passkey_button(tab)).to_be_visible().await?;
    checks::sound(tab).await?;
    checks::picture(tab, "passkey-login").await?;
    passkey_button(tab).click(None).await?;
    is_at(tab, "/documents").await?;

    let passkeys = Passkeys::open(tab).await?;
    expect(passkeys.card()).to_contain_text("last used").await?;
    passkeys.rename_first("Old phone").await?;
    expect(passkeys.rows()).to_contain_text("Old phone").await?;
    tab.alive().await?;
    checks::sound(tab).await?;
    checks::picture(tab, "passkeys").await?;
    // The same authenticator makes no second one.
    passkeys.add("Again", PASSWORD).await?;
    expect(passkey_status(tab))
        .to_contain_text("already")
        .await?;
    passkeys.remove_first(PASSWORD).await?;
    is_at(tab, "/account?done=passkey-removed").await?;
    expect(passkeys.rows()).to_have_count(0).await?;

    sign_out(tab).await?;
    tab.watch.expect_status(401);
    passkey_button(tab).click(None).await?;
    expect(flash_error(tab).first())
        .to_contain_text("not accepted")
        .await?;
    // The password alone is enough again.
    fill_and_send(tab, "login", &[("name", "admin"), ("password", PASSWORD)]).await?;
    is_at(tab, "/documents").await
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_and_is_removed() -> Result<()> {
    journey(&vault().await, Look::wide(1440), the_whole_way).await
}

#[tokio::test]
async fn the_same_on_a_phone_in_the_dark() -> Result<()> {
    let look = Look {
        dark: true,
        ..Look::wide(390)
    };
    journey(&vault().await, look, the_whole_way).await
}

#[tokio::test]
async fn it_stands_in_as_the_second_factor() -> Result<()> {
    journey(&vault().await, Look::wide(390), async |tab| {
        let _authenticator = tab.add_authenticator().await?;
        add_the_first(tab).await?;
        sign_out(tab).await?;
        tab.open("/login?next=/topics").await?;
        give_password(tab, "admin").await?;
        expect(passkey_button(tab)).to_be_visible().await?;
        tab.alive().await?;
        checks::sound(tab).await?;
        checks::picture(tab, "passkey-step").await?;
        passkey_button(tab).click(None).await?;
        is_at(tab, "/topics").await
    })
    .await
}

#[tokio::test]
async fn stopping_it_is_no_error() -> Result<()> {
    journey(&vault().await, Look::with(Scripts::On), async |tab| {
        let authenticator = tab.add_authenticator().await?;
        authenticator.recognises(false).await?;
        let passkeys = Passkeys::open(tab).await?;
        passkeys.add("Phone", PASSWORD).await?;
        expect(passkey_status(tab))
            .to_contain_text("Nothing was done")
            .await?;
        expect(flash_error(tab)).to_have_count(0).await?;

        tab.watch.expect_status(422);
        passkeys.add("Phone", "a wrong guess").await?;
        expect(flash_error(tab).first()).to_be_visible().await?;

        authenticator.recognises(true).await?;
        passkeys.add("Phone", PASSWORD).await?;
        is_at(tab, "/account/recovery-codes").await
    })
    .await
}

async fn insert_two(vault: &TestApp) {
    vault
        .database
        .execute(
            "INSERT INTO passkeys (id, user_id, credential_id, name, passkey)
             SELECT gen_random_uuid(), id, uuid_send(gen_random_uuid()), 'Key', '{}'
               FROM users, generate_series(1, 2)",
        )
        .await;
}

#[tokio::test]
async fn naming_and_removing_work_without_scripts() -> Result<()> {
    let vault = vault().await;
    journey(&vault, Look::with(Scripts::Off), async |tab| {
        insert_two(&vault).await;
        let passkeys = Passkeys::open(tab).await?;
        expect(passkeys.form()).to_be_hidden().await?;
        expect(passkeys.card())
            .to_contain_text("takes JavaScript")
            .await?;
        expect(passkeys.rows()).to_have_count(2).await?;
        passkeys.rename_first("Key ring").await?;
        expect(passkeys.rows().first())
            .to_contain_text("Key ring")
            .await?;
        passkeys.remove_first("a wrong guess").await?;
        expect(flash_error(tab).first()).to_be_visible().await?;
        passkeys.remove_first(PASSWORD).await?;
        expect(passkeys.rows()).to_have_count(1).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn none_are_offered_where_browsers_know_none() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::with(Scripts::On), async |tab| {
        let passkeys = Passkeys::open(tab).await?;
        expect(passkeys.form()).to_have_count(0).await?;
        sign_out(tab).await?;
        expect(passkey_button(tab)).to_have_count(0).await?;
        Ok(())
    })
    .await
}
