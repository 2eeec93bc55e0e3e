//! Files made in code, and the real child to read them.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of this module"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

pub mod files;
pub mod packages;
pub mod pictures;

use domain::{FileName, FileType};
use extraction::{Claim, Extracted, Extractor, Failure, Limits, SNIFF_BYTES, sniff};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

pub const CHILD: &str = env!("CARGO_BIN_EXE_reader");

/// The child with the usual limits.
pub fn extractor() -> Extractor {
    with_limits(Limits::default())
}

/// The child with other limits.
pub fn with_limits(limits: Limits) -> Extractor {
    Extractor::new(CHILD.into(), Vec::new(), limits)
}

/// What the upload and then the worker do with a file of this name and content.
pub async fn extract(name: &str, bytes: &[u8]) -> Result<Extracted, Failure> {
    extract_with(&extractor(), name, bytes).await
}

/// The same with an extractor of one's own.
pub async fn extract_with(
    extractor: &Extractor,
    name: &str,
    bytes: &[u8],
) -> Result<Extracted, Failure> {
    let file_name = FileName::parse(name).unwrap();
    let head = &bytes[..bytes.len().min(SNIFF_BYTES)];
    let file_type = sniff(head, &file_name).unwrap();
    let home = tempfile::tempdir().unwrap();
    // As in life: the path says nothing about the name.
    let path = home.path().join("content");
    std::fs::write(&path, bytes).unwrap();
    extractor
        .extract(
            &path,
            Claim {
                file_type,
                file_name,
            },
        )
        .await
}

/// Programs in a directory, each a script with this name and text.
pub fn write_programs(directory: &Path, scripts: &[(&str, &str)]) {
    for (name, text) in scripts {
        let path = directory.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }
}

/// The real child, which finds the programs in this directory first.
pub fn child_with(programs: &Path, limits: Limits) -> Extractor {
    let args = vec![search_path(programs), CHILD.into()];
    Extractor::new("/usr/bin/env".into(), args, limits)
}

/// The same with these scripts as its programs, in a directory of their own.
pub fn with_programs(scripts: &[(&str, &str)], limits: Limits) -> (tempfile::TempDir, Extractor) {
    let directory = tempfile::tempdir().unwrap();
    write_programs(directory.path(), scripts);
    let child = child_with(directory.path(), limits);
    (directory, child)
}

/// What finds the programs in this directory first.
pub fn search_path(programs: &Path) -> String {
    format!("PATH={}:/usr/bin:/bin", programs.display())
}

/// A claim that does not matter to the test.
pub fn any_claim() -> Claim {
    Claim {
        file_type: FileType::Pdf,
        file_name: FileName::parse("a.pdf").unwrap(),
    }
}

/// A file that exists.
pub fn any_file() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Checks what holds for every result, and gives the text of all pages.
pub fn checked(found: &Extracted) -> String {
    assert!(!found.pages.is_empty());
    let text = found.pages.join("\n");
    assert!(
        !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
        "control characters in {text:?}"
    );
    let thumbnail =
        image::load_from_memory(found.thumbnail.as_ref().expect("a thumbnail")).expect("a picture");
    assert!(thumbnail.width().max(thumbnail.height()) <= 480);
    text
}

/// The sentence of a failure that is the file's own fault.
pub fn sentence(result: Result<Extracted, Failure>) -> String {
    match result {
        Err(Failure::Permanent(sentence)) => {
            assert!(
                sentence.ends_with('.') && !sentence.contains('!'),
                "{sentence}"
            );
            sentence
        }
        other => panic!("not a permanent failure: {other:?}"),
    }
}
