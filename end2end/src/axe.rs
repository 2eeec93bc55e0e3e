//! The rules of accessibility that axe-core knows.

use crate::Tab;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// Where the rules are; `scripts/setup test` puts them there.
const FILE_VARIABLE: &str = "DOCUVAULT_AXE";

/// What stands in frames is the browser's own: its viewer of PDFs.
const RUN: &str = "async () => {
    const found = await axe.run(document, { resultTypes: ['violations'], iframes: false });
    return found.violations.map(({ id, help, nodes }) => ({
        id, help, nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
}";

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<String>,
}

/// Holds the page to the rules, as it is at this moment. They run as scripts: a page without is not
/// looked at.
///
/// # Errors
/// When it breaks one; says which page, rule and element.
pub async fn nothing_found(tab: &Tab) -> Result<()> {
    if !tab.scripted() {
        return Ok(());
    }
    let file =
        std::env::var_os(FILE_VARIABLE).context("run `scripts/test`, or source scripts/env")?;
    let rules = std::fs::read_to_string(file).context("run `scripts/setup test`")?;
    // Said as an expression of no value: what the rules leave behind can't be sent here.
    tab.page
        .evaluate_expression(&format!("{rules};undefined"))
        .await
        .context("the rules do not load")?;
    let found: Vec<Violation> = tab.page.evaluate(RUN, None::<&()>).await?;
    let told: Vec<String> = found
        .iter()
        .map(|rule| {
            format!(
                "{} ({}):\n  {}",
                rule.help,
                rule.id,
                rule.nodes.join("\n  ")
            )
        })
        .collect();
    ensure!(
        told.is_empty(),
        "{} at {}:\n{}",
        tab.page.url(),
        tab.look.name(),
        told.join("\n")
    );
    Ok(())
}
