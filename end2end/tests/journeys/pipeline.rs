//! What waits and what failed: seen, and tried again, by owners and by admins.

use anyhow::Result;
use end2end::{Look, Scripts, Tab, axe, checks, journey, journey_as};
use playwright_rs::{Locator, expect};
use testkit::TestApp;

fn part(tab: &Tab, id: &str) -> Locator {
    tab.page.get_by_test_id(id)
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

/// A vault in which something was done, something failed, and something waits because no worker runs.
async fn vault() -> TestApp {
    let mut vault = TestApp::start().await;
    let ada = vault.person("ada").await;
    vault.start_worker();
    for name in ["one.txt", "two.txt", "three.txt"] {
        let done = ada.upload(name, format!("The text of {name}.")).await;
        ada.finished(done.id).await;
    }
    let broken = ada.upload("very-private.pdf", "%PDF-1.4\n1 0 obj").await;
    ada.finished(broken.id).await;
    // Not all of it in the same hour, so that the plot has more than one bar.
    vault
        .database
        .execute(
            "UPDATE jobs SET finished_at = finished_at - interval '2 hours'
              WHERE id = (SELECT id FROM jobs WHERE state = 'done' ORDER BY created_at LIMIT 1)",
        )
        .await;
    vault
}

async fn seen_by_an_admin(tab: &Tab) -> Result<()> {
    tab.open("/admin/pipeline").await?;
    expect(part(tab, "pipeline-failed"))
        .to_have_text("1")
        .await?;
    expect(part(tab, "failure")).to_have_count(1).await?;
    expect(tab.page.get_by_text("very-private", false))
        .to_have_count(0)
        .await?;
    part(tab, "plot").locator("summary").click(None).await?;
    expect(part(tab, "plot-table").locator("tbody tr"))
        .to_have_count(24)
        .await?;
    checks::sound(tab).await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "pipeline-admin").await?;
    part(tab, "try-again").click(None).await?;
    expect(part(tab, "pipeline-done"))
        .to_have_text("The document is being tried again.")
        .await?;
    Ok(())
}

#[tokio::test]
async fn an_admin_sees_how_the_work_stands_and_has_it_tried_again() -> Result<()> {
    let vault = vault().await;
    let failed = "SELECT count(*) FROM documents WHERE status = 'failed'";
    for look in looks() {
        journey(&vault, look, seen_by_an_admin).await?;
        testkit::until(
            "the document to fail again",
            testkit::PATIENCE,
            async || Ok((vault.database.number(failed).await == 1).then_some(())),
        )
        .await?;
    }
    Ok(())
}

async fn seen_by_its_owner(tab: &Tab) -> Result<()> {
    tab.open("/pipeline").await?;
    expect(part(tab, "failure")).to_have_count(1).await?;
    expect(part(tab, "failure"))
        .to_contain_text("very-private.pdf")
        .await?;
    checks::sound(tab).await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "pipeline-own").await?;
    part(tab, "try-all").click(None).await?;
    expect(part(tab, "pipeline-done"))
        .to_have_text("Everything that failed is being tried again.")
        .await?;
    part(tab, "crumb").click(None).await?;
    Ok(expect(tab.page.locator("h1"))
        .to_have_text("Activity")
        .await?)
}

#[tokio::test]
async fn owners_see_what_waits_and_failed_of_their_own() -> Result<()> {
    let vault = vault().await;
    let failed = "SELECT count(*) FROM documents WHERE status = 'failed'";
    for look in looks() {
        journey_as(&vault, Some("ada"), look, seen_by_its_owner).await?;
        testkit::until(
            "the document to fail again",
            testkit::PATIENCE,
            async || Ok((vault.database.number(failed).await == 1).then_some(())),
        )
        .await?;
    }
    // Somebody else has nothing there.
    journey(&vault, Look::wide(390), async |tab| {
        tab.open("/pipeline").await?;
        expect(end2end::pages::empty_state(tab))
            .to_be_visible()
            .await?;
        checks::sound(tab).await?;
        checks::picture(tab, "pipeline-empty").await
    })
    .await
}

/// With scripts the page moves by itself, also about what its reader is told nothing of.
#[tokio::test]
async fn the_admins_page_moves_by_itself() -> Result<()> {
    let vault = TestApp::start().await;
    let ada = vault.person("ada").await;
    journey(&vault, Look::wide(1440), async |tab| {
        tab.open("/admin/pipeline").await?;
        expect(part(tab, "pipeline-waiting"))
            .to_have_text("0")
            .await?;
        tab.mark().await?;
        ada.upload("letter.txt", "A letter.").await;
        expect(part(tab, "pipeline-waiting"))
            .with_timeout(std::time::Duration::from_secs(20))
            .to_have_text("1")
            .await?;
        checks::picture(tab, "pipeline-waiting").await?;
        assert!(tab.is_still_marked().await?, "the page was loaded again");
        Ok(())
    })
    .await
}
