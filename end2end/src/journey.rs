//! How a journey goes: a vault, a browser, the walk, and at the end the question whether anything
//! went wrong on the way.

use crate::{Browser, Look, Tab};
use anyhow::{Context, Result};
use testkit::TestApp;

/// Walks through a vault in a browser of its own.
///
/// # Errors
/// When the walk failed, or the browser complained. Both are told: one often explains the other.
pub async fn journey(
    vault: &TestApp,
    look: Look,
    walk: impl AsyncFnOnce(&Tab) -> Result<()>,
) -> Result<()> {
    let browser = Browser::launch().await?;
    let tab = browser.visit(&vault.client.base, look).await?;
    let walked = walk(&tab)
        .await
        .with_context(|| format!("on {}", tab.page.url()));
    let complained = tab.close().await;
    browser.close().await?;
    match (walked, complained) {
        (Err(failure), Err(complaints)) => Err(failure.context(complaints)),
        (walked, complained) => walked.and(complained),
    }
}
