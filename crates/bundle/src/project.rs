//! The definition of the build, as the root `Cargo.toml` gives it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

const TARGET: &str = "wasm32-unknown-unknown";

/// Which of the two builds is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Debug,
    /// Small to load.
    Release,
}

/// Where things lie, and what is to be built.
pub struct Project {
    root: PathBuf,
    target: PathBuf,
    leptos: Leptos,
}

/// What `cargo metadata` says, as far as it matters here.
#[derive(Deserialize)]
struct Workspace {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    leptos: Vec<Leptos>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Leptos {
    lib_package: String,
    #[serde(default)]
    lib_features: Vec<String>,
    lib_default_features: bool,
    lib_profile_release: String,
    output_name: String,
    site_root: PathBuf,
    site_pkg_dir: String,
    style_file: PathBuf,
    assets_dir: PathBuf,
    hash_files: bool,
}

impl Project {
    /// Asks cargo about the workspace that the current folder lies in.
    pub fn of_this_workspace() -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo could not be started")?;
        if !output.status.success() {
            bail!(
                "`cargo metadata` failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Self::from_metadata(&output.stdout)
    }

    fn from_metadata(json: &[u8]) -> Result<Self> {
        let mut workspace: Workspace = serde_json::from_slice(json).context(
            "`[[workspace.metadata.leptos]]` in the root Cargo.toml does not say what the bundle \
             needs",
        )?;
        let (Some(leptos), true) = (
            workspace.metadata.leptos.pop(),
            workspace.metadata.leptos.is_empty(),
        ) else {
            bail!("The root Cargo.toml must have one `[[workspace.metadata.leptos]]`.");
        };
        if !leptos.hash_files {
            bail!("Only `hash-files = true` is supported: set it in the root Cargo.toml.");
        }
        Ok(Self {
            root: workspace.workspace_root,
            target: workspace.target_directory,
            leptos,
        })
    }

    /// Where the workspace lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The stem of the three files that a page loads.
    pub fn output_name(&self) -> &str {
        &self.leptos.output_name
    }

    /// The folder of those files inside the site, which is also their path in a URL.
    pub fn pkg_dir(&self) -> &str {
        &self.leptos.site_pkg_dir
    }

    /// The one style sheet.
    pub fn style_file(&self) -> PathBuf {
        self.root.join(&self.leptos.style_file)
    }

    /// The folder whose content is served as it is.
    pub fn assets_dir(&self) -> PathBuf {
        self.root.join(&self.leptos.assets_dir)
    }

    /// Where the site is put. A leading `target` means cargo's target folder, wherever that is.
    pub fn site_root(&self) -> PathBuf {
        let wanted = &self.leptos.site_root;
        match wanted.strip_prefix("target") {
            Ok(rest) => self.target.join(rest),
            Err(_) => self.root.join(wanted),
        }
    }

    /// The folder of the server binary, where leptos looks for `hash.txt`.
    pub fn server_dir(&self, profile: Profile) -> PathBuf {
        self.target.join(match profile {
            Profile::Debug => "debug",
            Profile::Release => "release",
        })
    }

    /// What to call cargo with.
    pub fn cargo_arguments(&self, profile: Profile) -> Vec<String> {
        let leptos = &self.leptos;
        let mut arguments: Vec<String> = ["build", "--lib", "--target", TARGET, "--package"]
            .map(String::from)
            .to_vec();
        arguments.push(leptos.lib_package.clone());
        if !leptos.lib_default_features {
            arguments.push("--no-default-features".to_owned());
        }
        if !leptos.lib_features.is_empty() {
            arguments.push(format!("--features={}", leptos.lib_features.join(",")));
        }
        if profile == Profile::Release {
            arguments.push(format!("--profile={}", leptos.lib_profile_release));
        }
        arguments
    }

    fn wasm_dir(&self, profile: Profile) -> PathBuf {
        self.target.join(TARGET).join(match profile {
            Profile::Debug => "debug",
            Profile::Release => &self.leptos.lib_profile_release,
        })
    }

    /// What the compiler leaves.
    pub fn wasm_file(&self, profile: Profile) -> PathBuf {
        let crate_name = self.leptos.lib_package.replace('-', "_");
        self.wasm_dir(profile).join(format!("{crate_name}.wasm"))
    }

    /// Where the output of wasm-bindgen is kept between two calls.
    pub fn glue_dir(&self, profile: Profile) -> PathBuf {
        self.wasm_dir(profile).join("glue")
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn metadata(root: &Path) -> String {
        let root = root.display();
        format!(
            r#"{{"workspace_root":"{root}/checkout","target_directory":"{root}/cache",
            "metadata":{{"leptos":[{{"name":"vault","lib-package":"hydrate",
            "lib-default-features":false,"lib-profile-release":"wasm-release",
            "output-name":"vault","site-root":"target/site","site-pkg-dir":"pkg",
            "style-file":"app/main.css","assets-dir":"app/public","hash-files":true}}]}}}}"#
        )
    }

    /// A workspace in `root` with its target folder beside it.
    pub fn project(root: &Path) -> Project {
        Project::from_metadata(metadata(root).as_bytes()).unwrap()
    }

    #[test]
    fn target_in_the_site_root_is_cargos_target_folder() {
        let project = project(Path::new("/w"));
        assert_eq!(project.site_root(), Path::new("/w/cache/site"));
        assert_eq!(
            project.wasm_file(Profile::Debug),
            Path::new("/w/cache/wasm32-unknown-unknown/debug/hydrate.wasm")
        );
    }

    #[test]
    fn release_builds_take_the_profile_that_the_metadata_names() {
        let project = project(Path::new("/w"));
        let arguments = project.cargo_arguments(Profile::Release);
        assert!(arguments.contains(&"--profile=wasm-release".to_owned()));
        assert!(arguments.contains(&"--no-default-features".to_owned()));
        assert_eq!(
            project.wasm_file(Profile::Release),
            Path::new("/w/cache/wasm32-unknown-unknown/wasm-release/hydrate.wasm")
        );
    }

    #[test]
    fn plain_names_are_refused() {
        let plain =
            metadata(Path::new("/w")).replace("\"hash-files\":true", "\"hash-files\":false");
        assert!(Project::from_metadata(plain.as_bytes()).is_err());
    }
}
