//! The folder that the server serves, and the two files that tell the server about it.
//!
//! Every file that a page loads has a hash of its content in its name, so that browsers may keep
//! it for ever. Leptos finds the hashes in `hash.txt`, whose form is cargo-leptos'.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::bindgen::Glued;
use crate::project::{Profile, Project};
use crate::write_if_changed;

/// The most that the compressed application may take: it is loaded before the page answers to clicks.
const MOST_WASM_BYTES: usize = 160_000;

/// What is to be in the folder, by path inside it.
pub struct Site {
    files: BTreeMap<PathBuf, Vec<u8>>,
    hash_file: String,
}

impl Site {
    /// Collects everything in memory; nothing is written yet.
    pub fn assemble(project: &Project, glued: &Glued) -> Result<Self> {
        let name = project.output_name();
        let pkg = Path::new(project.pkg_dir());
        let mut files = BTreeMap::new();
        read_tree(&project.assets_dir(), Path::new(""), &mut files)?;

        let wasm = read(&glued.dir.join(&glued.wasm_name))?;
        let wasm_hash = hash(&wasm);
        let wasm_name = format!("{name}.{wasm_hash}.wasm");

        let js = read(&glued.dir.join(&glued.js_name))?;
        let js = String::from_utf8(js)
            .context("wasm-bindgen's JavaScript is not UTF-8")?
            .replace(&glued.wasm_name, &wasm_name)
            .into_bytes();
        let js_hash = hash(&js);

        let css = read(&project.style_file())?;
        let css_hash = hash(&css);

        files.insert(pkg.join(wasm_name), wasm);
        files.insert(pkg.join(format!("{name}.{js_hash}.js")), js);
        files.insert(pkg.join(format!("{name}.{css_hash}.css")), css);
        // The JavaScript imports snippets by their plain names.
        read_tree(
            &glued.dir.join("snippets"),
            &pkg.join("snippets"),
            &mut files,
        )?;
        Ok(Self {
            files,
            hash_file: format!("js: {js_hash}\nwasm: {wasm_hash}\ncss: {css_hash}\n"),
        })
    }

    /// Adds compressed copies of every file that gets smaller by it: with Brotli, which browsers take
    /// over https, and with gzip for the rest.
    ///
    /// # Errors
    /// When what browsers load first has grown over its budget.
    pub fn compress(&mut self) -> Result<()> {
        let mut compressed = BTreeMap::new();
        for (path, content) in &self.files {
            let small = brotli(content)?;
            if path.extension().is_some_and(|kind| kind == "wasm") {
                println!("The application takes {} kB to load.", small.len() / 1000);
                ensure!(
                    small.len() <= MOST_WASM_BYTES,
                    "That is over the {} kB that it may take. Take out what made it grow, or say why it had to.",
                    MOST_WASM_BYTES / 1000
                );
            }
            for (ending, small) in [(".br", small), (".gz", gzip(content)?)] {
                if small.len() < content.len() {
                    let mut name = path.clone().into_os_string();
                    name.push(ending);
                    compressed.insert(PathBuf::from(name), small);
                }
            }
        }
        self.files.extend(compressed);
        Ok(())
    }

    /// Makes the folder hold these files and no others. Returns how many were written.
    pub fn write(&self, project: &Project, profile: Profile) -> Result<usize> {
        let root = project.site_root();
        let mut changed = 0;
        for (path, content) in &self.files {
            changed += usize::from(write_if_changed(&root.join(path), content)?);
        }
        let server = project.server_dir(profile);
        let hash_file = server.join("hash.txt");
        changed += usize::from(write_if_changed(&hash_file, self.hash_file.as_bytes())?);
        let variables = variables(project, &root, &hash_file);
        write_if_changed(&server.join("leptos.env"), variables.as_bytes())?;
        // Last, so that a server that is running meanwhile never names a file that is gone.
        self.remove_others(&root, Path::new(""))?;
        Ok(changed)
    }

    fn remove_others(&self, root: &Path, folder: &Path) -> Result<()> {
        for entry in std::fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.remove_others(root, &path)?;
            } else if !self.files.contains_key(&path) {
                std::fs::remove_file(root.join(&path))
                    .with_context(|| format!("`{}` could not be removed", path.display()))?;
            }
        }
        Ok(())
    }
}

/// What a server needs in its environment to find the site from any folder. The name of the hash
/// file is a whole path: leptos would look beside the running binary, and a test lies elsewhere.
fn variables(project: &Project, root: &Path, hash_file: &Path) -> String {
    format!(
        "LEPTOS_OUTPUT_NAME={}\nLEPTOS_SITE_ROOT={}\nLEPTOS_SITE_PKG_DIR={}\n\
         LEPTOS_HASH_FILES=true\nLEPTOS_HASH_FILE_NAME={}\n",
        project.output_name(),
        root.display(),
        project.pkg_dir(),
        hash_file.display(),
    )
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let best = BrotliEncoderParams {
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut small, &best)?;
    Ok(small)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn hash(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
        .chars()
        .take(20)
        .collect()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("`{}` could not be read", path.display()))
}

fn read_tree(from: &Path, to: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let entries = match std::fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => bail!("`{}` could not be read: {error}", from.display()),
    };
    for entry in entries {
        let entry = entry?;
        let path = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read_tree(&entry.path(), &path, files)?;
        } else {
            files.insert(path, read(&entry.path())?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::tests::project;

    struct Workspace {
        dir: tempfile::TempDir,
        project: Project,
    }

    impl Workspace {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let project = project(dir.path());
            let here = Self { dir, project };
            here.put("checkout/app/main.css", "body {}");
            here.put("checkout/app/public/icons/favicon.svg", "<svg/>");
            here.put("glue/vault.js", "fetch('vault_bg.wasm')");
            here.put("glue/vault_bg.wasm", "wasm");
            here.put("glue/snippets/a/inline0.js", "export {}");
            here
        }

        fn put(&self, path: &str, content: &str) {
            write_if_changed(&self.dir.path().join(path), content.as_bytes()).unwrap();
        }

        fn site(&self) -> Site {
            let glued = Glued {
                dir: self.dir.path().join("glue"),
                wasm_name: "vault_bg.wasm".to_owned(),
                js_name: "vault.js".to_owned(),
            };
            Site::assemble(&self.project, &glued).unwrap()
        }

        fn write(&self) -> usize {
            self.site().write(&self.project, Profile::Debug).unwrap()
        }

        fn text(&self, path: &str) -> String {
            std::fs::read_to_string(self.dir.path().join(path)).unwrap()
        }

        fn pkg(&self) -> Vec<String> {
            let mut names: Vec<String> = std::fs::read_dir(self.dir.path().join("cache/site/pkg"))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        }
    }

    #[test]
    fn hash_file_names_the_files_that_are_there() {
        let workspace = Workspace::new();
        workspace.write();
        let hashes = workspace.text("cache/debug/hash.txt");
        let mut expected = vec!["snippets".to_owned()];
        for line in hashes.lines() {
            let (extension, hash) = line.split_once(": ").unwrap();
            expected.push(format!("vault.{hash}.{extension}"));
        }
        expected.sort();
        assert_eq!(workspace.pkg(), expected);
        assert_eq!(workspace.text("cache/site/icons/favicon.svg"), "<svg/>");
        assert_eq!(
            workspace.text("cache/site/pkg/snippets/a/inline0.js"),
            "export {}"
        );
    }

    #[test]
    fn javascript_asks_for_the_wasm_by_its_hashed_name() {
        let workspace = Workspace::new();
        workspace.write();
        let names = workspace.pkg();
        let named = |end: &str| names.iter().find(|name| name.ends_with(end)).unwrap();
        let js = workspace.text(&format!("cache/site/pkg/{}", named(".js")));
        assert_eq!(js, format!("fetch('{}')", named(".wasm")));
    }

    #[test]
    fn what_gets_smaller_is_there_compressed_too() {
        let workspace = Workspace::new();
        workspace.put(
            "checkout/app/main.css",
            &"body { color: red }\n".repeat(100),
        );
        let mut site = workspace.site();
        site.compress().unwrap();
        site.write(&workspace.project, Profile::Release).unwrap();
        let names = workspace.pkg();
        for ending in [".css", ".css.br", ".css.gz"] {
            assert!(names.iter().any(|name| name.ends_with(ending)), "{names:?}");
        }
        // Four bytes don't get smaller.
        assert!(!names.iter().any(|name| name.ends_with(".wasm.br")));
    }

    #[test]
    fn an_application_over_its_budget_is_refused() {
        let workspace = Workspace::new();
        let mut state = 1_u64;
        let noise = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        });
        let noise: Vec<u8> = noise.take(MOST_WASM_BYTES + 1000).collect();
        let path = workspace.dir.path().join("glue/vault_bg.wasm");
        write_if_changed(&path, &noise).unwrap();
        let refused = workspace.site().compress().unwrap_err().to_string();
        assert!(refused.contains("over the"), "{refused}");
    }

    #[test]
    fn a_second_call_writes_nothing() {
        let workspace = Workspace::new();
        assert_ne!(workspace.write(), 0);
        assert_eq!(workspace.write(), 0);
    }

    #[test]
    fn a_changed_file_replaces_the_one_before() {
        let workspace = Workspace::new();
        workspace.write();
        let before = workspace.pkg();
        workspace.put("checkout/app/main.css", "body { color: red }");
        workspace.write();
        let after = workspace.pkg();
        assert_eq!(before.len(), after.len());
        assert_ne!(before, after);
    }

    #[test]
    fn the_server_is_told_whole_paths() {
        let workspace = Workspace::new();
        workspace.write();
        let root = workspace.dir.path().display();
        let variables = workspace.text("cache/debug/leptos.env");
        assert!(variables.contains(&format!("LEPTOS_SITE_ROOT={root}/cache/site\n")));
        assert!(variables.contains(&format!(
            "LEPTOS_HASH_FILE_NAME={root}/cache/debug/hash.txt\n"
        )));
    }
}
