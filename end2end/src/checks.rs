//! What holds for every page, whatever it shows.

use crate::Tab;
use anyhow::{Result, ensure};
use playwright_rs::Viewport;
use serde::Deserialize;
use std::path::PathBuf;

/// Where pictures of the pages go, when somebody wants to see them.
const FOLDER_VARIABLE: &str = "DOCUVAULT_SCREENSHOTS";

/// Reads off the page what [`Found`] holds. Hidden fields need no name, and an element that takes
/// its overflow into a scroll bar of its own does not widen the page.
const SURVEY: &str = r#"() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const named = (field) => field.labels?.length || field.ariaLabel || field.title;
    const ids = all('[id]').map((element) => element.id);
    const root = document.documentElement;
    return {
        title: document.title,
        language: root.lang,
        headings: all('h1').length,
        mains: all('main').length,
        too_wide: root.scrollWidth - root.clientWidth,
        unnamed: all('input:not([type=hidden], [hidden]), select, textarea, iframe')
            .filter((field) => !named(field)).map((field) => field.outerHTML),
        silent_pictures: all('img:not([alt])').map((image) => image.src),
        silent_buttons: all('button, a[href]')
            .filter((button) => !button.closest('[aria-hidden=true]'))
            .filter((button) => !(button.textContent.trim() || button.ariaLabel))
            .map((button) => button.outerHTML),
        broken_pictures: all('img').filter((image) => image.complete && !image.naturalWidth)
            .map((image) => image.src),
        repeated_ids: ids.filter((id, at) => ids.indexOf(id) !== at),
    };
}"#;

#[derive(Debug, Deserialize)]
struct Found {
    title: String,
    language: String,
    headings: u32,
    mains: u32,
    too_wide: i64,
    unnamed: Vec<String>,
    silent_pictures: Vec<String>,
    silent_buttons: Vec<String>,
    broken_pictures: Vec<String>,
    repeated_ids: Vec<String>,
}

/// Holds the page to what is true of every page.
///
/// # Errors
/// When it is not; says which page and what.
pub async fn sound(tab: &Tab) -> Result<()> {
    let found: Found = tab.page.evaluate(SURVEY, None::<&()>).await?;
    let (here, look) = (tab.page.url(), tab.look.name());
    ensure!(
        found.title.ends_with("DocuVault"),
        "{here}: the title is `{}`",
        found.title
    );
    ensure!(
        found.language == "en",
        "{here}: the language is `{}`",
        found.language
    );
    ensure!(
        found.headings == 1,
        "{here}: {} headings of the first level",
        found.headings
    );
    ensure!(found.mains == 1, "{here}: {} main elements", found.mains);
    ensure!(
        found.too_wide <= 0,
        "{here}: {} px too wide at {look}",
        found.too_wide
    );
    for (what, which) in [
        ("no name for", found.unnamed),
        ("no alternative text for", found.silent_pictures),
        ("nothing to read on", found.silent_buttons),
        ("a picture does not load", found.broken_pictures),
        ("an id stands twice", found.repeated_ids),
    ] {
        ensure!(which.is_empty(), "{here} at {look}: {what}: {which:#?}");
    }
    Ok(())
}

/// Whether somebody wants to see pictures.
pub fn pictures_are_wanted() -> bool {
    std::env::var_os(FOLDER_VARIABLE).is_some()
}

/// Keeps a picture of the whole page, when `DOCUVAULT_SCREENSHOTS` names a folder.
///
/// # Errors
/// When it can't be taken or written.
pub async fn picture(tab: &Tab, name: &str) -> Result<()> {
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE).map(PathBuf::from) else {
        return Ok(());
    };
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}-{}.png", tab.look.name()));
    // As tall as the page, so that what is fixed to the window's edges does not cover its middle.
    let height = tab
        .page
        .evaluate("() => document.documentElement.scrollHeight", None::<&()>);
    let usual = tab.look.window();
    let whole = Viewport {
        height: usual.height.max(height.await?),
        ..usual.clone()
    };
    tab.page.set_viewport_size(whole).await?;
    tab.page.screenshot_to_file(&file, None).await?;
    tab.page.set_viewport_size(usual).await?;
    Ok(())
}
