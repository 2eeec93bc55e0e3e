//! What people see of what they did, and admins of what everybody did.

use anyhow::Result;
use end2end::{Look, Scripts, Tab, Vault, axe, checks, journey, pages::empty_state};
use playwright_rs::{Locator, expect, expect_page};
use testkit::TestApp;

fn entries(tab: &Tab) -> Locator {
    tab.page.get_by_test_id("activity-entry")
}

async fn click(tab: &Tab, id: &str) -> Result<()> {
    Ok(tab.page.get_by_test_id(id).first().click(None).await?)
}

/// Every width and theme once; each with each only where somebody wants to see pictures.
fn looks() -> Vec<Look> {
    let mut looks = vec![Look::with(Scripts::Off)];
    for (width, dark) in [(390, false), (390, true), (1440, false), (1440, true)] {
        if checks::pictures_are_wanted() || dark == (width == 1440) {
            looks.push(Look {
                dark,
                ..Look::wide(width)
            });
        }
    }
    looks
}

#[tokio::test]
async fn one_finds_what_one_did() -> Result<()> {
    let vault = Vault::open().await;
    vault.client.upload("letter.txt", "A letter.").await;
    for n in 0..60 {
        vault.client.create_topic(&format!("Topic {n}"), "").await;
    }
    for look in looks() {
        journey(&vault, look, async |tab| {
            tab.open("/activity").await?;
            checks::sound(tab).await?;
            axe::nothing_found(tab).await?;
            checks::picture(tab, "activity").await?;
            expect(entries(tab)).to_have_count(50).await?;
            click(tab, "pager-older").await?;
            expect(tab.page.get_by_test_id("pager-older"))
                .to_have_count(0)
                .await?;
            click(tab, "pager-newest").await?;
            click(tab, "kind-document").await?;
            expect_page(&tab.page)
                .to_have_url(&tab.url("/activity?kind=document"))
                .await?;
            expect(tab.page.get_by_test_id("activity-document").first())
                .to_have_text("letter.txt")
                .await?;
            click(tab, "kind-passkey").await?;
            expect(empty_state(tab)).to_be_visible().await?;
            checks::sound(tab).await?;
            checks::picture(tab, "activity-empty").await?;
            tab.page
                .get_by_text("Show everything", false)
                .click(None)
                .await?;
            expect(entries(tab)).to_have_count(50).await?;
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_admin_finds_what_somebody_did() -> Result<()> {
    let vault = TestApp::start().await;
    let ada = vault.person("ada").await;
    ada.upload("very-private.txt", "A letter.").await;
    for look in looks() {
        journey(&vault, look, async |tab| {
            tab.open("/admin/users").await?;
            click(tab, "to-everybodys-activity").await?;
            expect(tab.page.locator("h1"))
                .to_have_text("Everybody's activity")
                .await?;
            tab.page.get_by_test_id("person").fill("ada", None).await?;
            click(tab, "person-submit").await?;
            expect(tab.page.get_by_test_id("activity-subject").first())
                .to_have_text("ada")
                .await?;
            expect(tab.page.get_by_text("very-private", false))
                .to_have_count(0)
                .await?;
            checks::sound(tab).await?;
            axe::nothing_found(tab).await?;
            checks::picture(tab, "everybodys-activity").await?;
            tab.watch.expect_status(422);
            tab.page
                .get_by_test_id("person")
                .fill("nobody-at-all", None)
                .await?;
            click(tab, "person-submit").await?;
            expect(tab.page.get_by_test_id("flash-error"))
                .to_be_visible()
                .await?;
            checks::sound(tab).await
        })
        .await?;
    }
    Ok(())
}
