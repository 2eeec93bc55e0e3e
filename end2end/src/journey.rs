//! How a journey goes: a vault, a browser, the walk, and at the end the question whether anything
//! went wrong on the way.

use crate::{Browser, Look, Tab, pages::sign_in};
use anyhow::{Context, Result};
use testkit::TestApp;

/// Walks through a vault, signed in as its admin, in a browser of its own.
///
/// # Errors
/// When the walk failed, or the browser complained. Both are told: one often explains the other.
pub async fn journey(
    vault: &TestApp,
    look: Look,
    walk: impl AsyncFnOnce(&Tab) -> Result<()>,
) -> Result<()> {
    journey_as(vault, Some("admin"), look, walk).await
}

/// The same, signed in as somebody else, or as nobody.
///
/// # Errors
/// As there.
pub async fn journey_as(
    vault: &TestApp,
    handle: Option<&str>,
    look: Look,
    walk: impl AsyncFnOnce(&Tab) -> Result<()>,
) -> Result<()> {
    let browser = Browser::launch().await?;
    let tab = browser.visit(&vault.client.base, look).await?;
    let walked = async {
        if let Some(handle) = handle {
            sign_in(&tab, handle).await.context("signing in")?;
        }
        walk(&tab).await
    }
    .await
    .with_context(|| format!("on {}", tab.page.url()));
    let complained = tab.close().await;
    browser.close().await?;
    match (walked, complained) {
        (Err(failure), Err(complaints)) => Err(failure.context(complaints)),
        (walked, complained) => walked.and(complained),
    }
}
