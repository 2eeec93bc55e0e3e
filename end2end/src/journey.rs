//! How a journey goes: a vault, a browser, the walk, and at the end the question whether anything
//! went wrong on the way.

use crate::{Browser, Look, Tab, pages::sign_in, vault::Place};
use anyhow::{Context, Result};

/// Walks through a vault, signed in as the one whose it is, in a browser of its own.
///
/// # Errors
/// When the walk failed, or the browser complained. Both are told: one often explains the other.
pub async fn journey(
    vault: &impl Place,
    look: Look,
    walk: impl AsyncFnOnce(&Tab) -> Result<()>,
) -> Result<()> {
    journey_as(vault, Some(vault.handle()), look, walk).await
}

/// The same, signed in as somebody else, or as nobody.
///
/// # Errors
/// As there.
pub async fn journey_as(
    vault: &impl Place,
    handle: Option<&str>,
    look: Look,
    walk: impl AsyncFnOnce(&Tab) -> Result<()>,
) -> Result<()> {
    let browser = Browser::launch().await?;
    let client = vault.client();
    let tab = browser.visit(&client.base, look).await?;
    if let Some(address) = client.address {
        tab.comes_from(address).await?;
    }
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
