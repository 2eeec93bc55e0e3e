//! What the bundle says about the browser's files, for the environment of the server.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};

/// Reads `leptos.env`, which the bundle writes beside the binaries. Without a bundle it is not
/// there, and nothing needs it.
pub fn of_the_site(binaries: &Path) -> Result<BTreeMap<String, String>> {
    let path = binaries.join("leptos.env");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => bail!("`{}` could not be read: {error}", path.display()),
    };
    Ok(text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect())
}
