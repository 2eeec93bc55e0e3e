//! Builds what the browser loads: the wasm half of the application, its JavaScript glue, the
//! style sheet and the assets.
//!
//! `cargo leptos` does the same and stays the way to develop with reloading. This binary exists
//! because it takes minutes less to build. There is one definition of the build,
//! `[[workspace.metadata.leptos]]` in the root `Cargo.toml`, and both read it.

mod bindgen;
mod project;
mod site;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use project::{Profile, Project};

fn main() -> Result<()> {
    let profile = profile_from_arguments()?;
    let project = Project::of_this_workspace()?;
    build_wasm(&project, profile)?;
    let glued = bindgen::glue(
        &project.wasm_file(profile),
        project.output_name(),
        &project.glue_dir(profile),
    )?;
    let mut site = site::Site::assemble(&project, &glued)?;
    if profile == Profile::Release {
        site.compress()?;
    }
    let changed = site.write(&project, profile)?;
    match changed {
        0 => println!("The browser's files are up to date."),
        1 => println!("1 of the browser's files was written."),
        n => println!("{n} of the browser's files were written."),
    }
    Ok(())
}

/// `--release` is all there is to say.
fn profile_from_arguments() -> Result<Profile> {
    let mut profile = Profile::Debug;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--release" => profile = Profile::Release,
            other => bail!("`{other}` is not known here. The only argument is `--release`."),
        }
    }
    Ok(profile)
}

fn build_wasm(project: &Project, profile: Profile) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(project.cargo_arguments(profile))
        .current_dir(project.root())
        .status()
        .context("cargo could not be started")?;
    if !status.success() {
        bail!("The browser half of the application did not compile. See the messages above.");
    }
    Ok(())
}

/// Writes a file only when that changes it, so that nothing downstream sees a new time stamp.
fn write_if_changed(path: &Path, content: &[u8]) -> Result<bool> {
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return Ok(false);
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("`{}` could not be made", parent.display()))?;
    }
    std::fs::write(path, content)
        .with_context(|| format!("`{}` could not be written", path.display()))?;
    Ok(true)
}
