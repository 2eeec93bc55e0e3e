//! Every page, in every look: whole, quiet, no wider than the window. With `DOCUVAULT_SCREENSHOTS`
//! set to a folder there are pictures of them afterwards.

use anyhow::Result;
use end2end::{
    Browser, Look, Scripts, Tab, axe, checks, journey,
    pages::{DocumentPage, DocumentsPage, file, sign_in},
};
use http::Method;
use playwright_rs::expect;
use serde_json::json;
use testkit::{TestApp, files};
use uuid::Uuid;

const TOPICS: [(&str, &str, &str); 5] = [
    (
        "Energy",
        "Electricity, gas and heating: contracts, meter readings, yearly statements.",
        "#d97706",
    ),
    (
        "Housing",
        "Rent, landlord, service charges and repairs of the flat.",
        "#0d9488",
    ),
    (
        "Banking",
        "Account statements, cards, transfers and loans.",
        "#2563eb",
    ),
    (
        "Insurance",
        "Policies, premiums, claims and letters of insurers.",
        "#9333ea",
    ),
    (
        "Taxes",
        "Tax returns, assessments and letters of the tax office.",
        "#dc2626",
    ),
];

const SAMPLES: [&str; 5] = [
    "bank_statement.docx",
    "letter_electricity_contract.pdf",
    "notes_on_insurance.txt",
    "photo_of_tax_letter.jpg",
    "scanned_rent_invoice.pdf",
];

const LONG_NAME: &str = "Correspondence_with_the_property_management_about_the_broken_heating_2023-2024_final_version.pdf";

/// A page's name for its picture, and its address.
type Place = (&'static str, String);

/// What people see who have not signed in.
fn outside() -> [Place; 7] {
    [
        ("login", "/login".to_owned()),
        ("second-step", "/login/second-factor".to_owned()),
        ("register", "/register?token=dvi_x".to_owned()),
        ("setup", "/setup?token=dvs_x".to_owned()),
        ("forgot-password", "/forgot-password".to_owned()),
        ("reset-password", "/reset-password?token=dvp_x".to_owned()),
        ("confirm-email", "/confirm-email?token=dve_x".to_owned()),
    ]
}

async fn furnished() -> (TestApp, Vec<Place>) {
    let vault = TestApp::start_with_worker().await;
    for (name, description, color) in TOPICS {
        let topic = json!({ "name": name, "description": description, "color": color });
        let answer = vault.client.send(Method::POST, "/api/topics", topic).await;
        assert_eq!(answer.status(), 201, "{name}");
    }
    let mut places = Vec::new();
    for name in SAMPLES {
        let document = vault.client.upload(name, files::sample(name)).await;
        places.push((name, document.id));
    }
    let broken = vault.client.upload(LONG_NAME, "%PDF-1.4\n1 0 obj").await;
    places.push(("broken", broken.id));
    for (_, id) in &places {
        vault.client.finished(*id).await;
    }
    let documents = places
        .into_iter()
        .map(|(name, id)| (name, format!("/documents/{id}")));
    for handle in ["ada", "eve"] {
        vault.person(handle).await;
    }
    disordered_store(&vault, broken.id).await;
    let me: serde_json::Value = vault.client.get("/api/account").await.json().await.unwrap();
    let lists = [
        ("users", "/admin/users".to_owned()),
        ("whole-pipeline", "/admin/pipeline".to_owned()),
        ("everybodys-activity", "/admin/activity".to_owned()),
        ("activity", "/activity".to_owned()),
        ("pipeline", "/pipeline".to_owned()),
        ("store", "/admin/store".to_owned()),
        (
            "user",
            format!("/admin/users/{}", me["id"].as_str().unwrap()),
        ),
        ("documents", "/documents?view=list".to_owned()),
        ("documents-grid", "/documents?view=grid".to_owned()),
        (
            "documents-no-match",
            "/documents?topic=Energy&status=failed".to_owned(),
        ),
        ("topics", "/topics".to_owned()),
        ("settings", "/settings".to_owned()),
        ("account", "/account".to_owned()),
        ("no-app", "/account/second-factor".to_owned()),
        ("no-codes", "/account/recovery-codes".to_owned()),
    ];
    let places = lists.into_iter().chain(documents).collect();
    (vault, places)
}

/// One file is damaged, one object left over, and the vault has looked.
async fn disordered_store(vault: &TestApp, damaged: Uuid) {
    let keys = vault.bucket.keys().await;
    let key = keys
        .iter()
        .find(|key| key.contains(&format!("/{damaged}/")));
    vault.bucket.write(key.unwrap(), b"%PDF-1.4").await;
    let left_over = format!("null/{damaged}/{damaged}.txt");
    vault.bucket.write(&left_over, b"left over").await;
    let itself = domain::Caller::system("a test");
    let later = domain::Clock::system().now() + std::time::Duration::from_secs(2 * 24 * 3600);
    let services = vault.services();
    let looked = services.scrubbing().whole(&itself, later, |_| {}).await;
    assert_eq!(looked.unwrap().findings, 2);
}

fn looks() -> Vec<Look> {
    let plain = Look {
        scripts: Scripts::Off,
        ..Look::wide(390)
    };
    let mut looks = vec![
        plain,
        Look {
            width: 1440,
            ..plain
        },
        Look::wide(320),
        Look::wide(768),
    ];
    for width in [390, 1440] {
        looks.push(Look::wide(width));
        looks.push(Look {
            dark: true,
            ..Look::wide(width)
        });
    }
    looks
}

async fn look_at(tab: &Tab, places: &[Place]) -> Result<()> {
    for (name, path) in places {
        assert_eq!(tab.open(path).await?, 200, "{path}");
        checks::sound(tab).await?;
        axe::nothing_found(tab).await?;
        checks::picture(tab, name).await?;
    }
    Ok(())
}

#[tokio::test]
async fn every_page_is_sound_in_every_look() -> Result<()> {
    let (vault, places) = furnished().await;
    let browser = Browser::launch().await?;
    for look in looks() {
        let tab = browser.visit(&vault.client.base, look).await?;
        look_at(&tab, &outside()).await?;
        sign_in(&tab, "admin").await?;
        look_at(&tab, &places).await?;
        tab.close().await?;
    }
    browser.close().await
}

#[tokio::test]
async fn an_empty_vault_is_sound() -> Result<()> {
    let vault = TestApp::start().await;
    let places = [
        ("empty-documents", "/documents".to_owned()),
        ("empty-topics", "/topics".to_owned()),
    ];
    for look in [Look::wide(390), Look::wide(1440)] {
        journey(&vault, look, async |tab| look_at(tab, &places).await).await?;
    }
    Ok(())
}

/// What only shows after a click.
async fn opened(tab: &Tab, id: Uuid) -> Result<()> {
    DocumentPage::open(tab, id).await?.ask_to_delete().await?;
    checks::sound(tab).await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "open-question").await?;
    tab.open("/topics").await?;
    tab.page
        .locator("[data-testid=new-topic] summary")
        .click(None)
        .await?;
    tab.page
        .locator("[data-testid=edit-topic] summary")
        .first()
        .click(None)
        .await?;
    checks::sound(tab).await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "open-topic-forms").await?;
    tab.open("/settings").await?;
    tab.page
        .get_by_test_id("provider-anthropic")
        .check(None)
        .await?;
    checks::sound(tab).await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "open-provider").await?;
    if tab.scripted() {
        tab.watch.expect_status(415);
        let page = DocumentsPage::open(tab).await?;
        page.upload(&[file("tool.exe", "MZ\u{1}\0\0"), file(LONG_NAME, "Words.")])
            .await?;
        expect(page.upload_of("tool.exe").get_by_test_id("failure"))
            .to_be_visible()
            .await?;
        expect(page.upload_of(LONG_NAME))
            .to_have_attribute("data-state", "stored")
            .await?;
        checks::sound(tab).await?;
        axe::nothing_found(tab).await?;
        checks::picture(tab, "open-tray").await?;
        on_top(tab).await?;
    }
    Ok(())
}

/// What lies on top of the page.
async fn on_top(tab: &Tab) -> Result<()> {
    let page = DocumentsPage::open(tab).await?;
    let first = page.rows().first().get_by_test_id("pick");
    first.click(None).await?;
    page.bulk().locator("summary").click(None).await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "open-selection").await?;
    tab.press("Control+k").await?;
    expect(tab.page.get_by_test_id("palette"))
        .to_be_visible()
        .await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "open-palette").await?;
    tab.press("Escape").await?;
    tab.page.locator("h1").click(None).await?;
    tab.press("?").await?;
    expect(tab.page.get_by_test_id("keys"))
        .to_be_visible()
        .await?;
    axe::nothing_found(tab).await?;
    checks::picture(tab, "open-keys").await
}

#[tokio::test]
async fn what_opens_is_sound() -> Result<()> {
    let vault = TestApp::start().await;
    vault
        .client
        .create_topic("Insurance", "Policies and claims.")
        .await;
    let note = vault.client.upload(LONG_NAME, "A note.").await;
    let plain = Look {
        scripts: Scripts::Off,
        ..Look::wide(390)
    };
    let dark = Look {
        dark: true,
        ..Look::wide(1440)
    };
    for look in [plain, Look::wide(390), Look::wide(1440), dark] {
        journey(&vault, look, async |tab| opened(tab, note.id).await).await?;
    }
    Ok(())
}

async fn nowhere(tab: &Tab) -> Result<()> {
    tab.watch.expect_status(404);
    let unknown = format!("/documents/{}", Uuid::from_u128(7));
    for path in [
        "/nowhere",
        "/documents/not-an-id",
        "/documents/x/y",
        unknown.as_str(),
    ] {
        assert_eq!(tab.open(path).await?, 404, "{path}");
        expect(tab.page.locator("h1"))
            .to_have_text("Not found")
            .await?;
        checks::sound(tab).await?;
    }
    checks::picture(tab, "not-found").await?;
    tab.page
        .get_by_text("Back to the documents", false)
        .click(None)
        .await?;
    Ok(expect(tab.page.locator("h1"))
        .to_have_text("Documents")
        .await?)
}

#[tokio::test]
async fn an_address_that_names_nothing_is_not_found() -> Result<()> {
    let vault = TestApp::start().await;
    journey(&vault, Look::wide(390), nowhere).await?;
    journey(
        &vault,
        Look {
            scripts: Scripts::Off,
            ..Look::wide(1440)
        },
        nowhere,
    )
    .await
}

#[tokio::test]
async fn the_rail_leads_everywhere_without_loading_anew() -> Result<()> {
    let vault = TestApp::start().await;
    for look in [Look::wide(390), Look::wide(1440)] {
        journey(&vault, look, async |tab| {
            tab.open("/").await?;
            tab.mark().await?;
            for name in ["Topics", "Settings", "Documents"] {
                let link = tab
                    .page
                    .locator("nav[aria-label=Main]")
                    .get_by_text(name, true);
                link.click(None).await?;
                expect(tab.page.locator("h1")).to_have_text(name).await?;
            }
            assert!(tab.is_still_marked().await?, "the page was loaded again");
            if look.width < 760 {
                // A phone's bar has no room for it.
                tab.open("/account").await?;
                let activity = tab.page.get_by_test_id("account-activity");
                activity.click(None).await?;
                expect(tab.page.locator("h1"))
                    .to_have_text("Activity")
                    .await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}
