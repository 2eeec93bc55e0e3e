//! The JavaScript that joins wasm and browser, made by wasm-bindgen as a library: its command
//! would have to be the lockfile's version to the patch.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

/// Where wasm-bindgen's output lies.
pub struct Glued {
    /// The folder, which has nothing else in it.
    pub dir: PathBuf,
    /// The wasm file's name in it, which the JavaScript mentions.
    pub wasm_name: String,
    /// The JavaScript file's name in it.
    pub js_name: String,
}

/// Runs wasm-bindgen, unless it ran on the same bytes the last time.
pub fn glue(wasm_file: &Path, name: &str, dir: &Path) -> Result<Glued> {
    let wasm = std::fs::read(wasm_file)
        .with_context(|| format!("`{}` could not be read", wasm_file.display()))?;
    let glued = Glued {
        dir: dir.to_owned(),
        wasm_name: format!("{name}_bg.wasm"),
        js_name: format!("{name}.js"),
    };
    let stamp = dir.with_extension("sha256");
    let input = hex::encode(Sha256::digest(&wasm));
    if std::fs::read_to_string(&stamp).is_ok_and(|last| last == input) && dir.is_dir() {
        return Ok(glued);
    }
    // The stamp goes first and comes back last: a run that was cut short is not taken for whole.
    remove_if_there(std::fs::remove_file(&stamp))?;
    remove_if_there(std::fs::remove_dir_all(dir))?;
    Bindgen::new()
        .input_bytes(name, wasm)
        .web(true)?
        .typescript(false)
        .keep_debug(false)
        .generate(dir)
        .context("wasm-bindgen could not make the JavaScript for the browser")?;
    std::fs::write(&stamp, input)
        .with_context(|| format!("`{}` could not be written", stamp.display()))?;
    Ok(glued)
}

fn remove_if_there(removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
