//! What an archive or an e-mail holds, after the child has taken it apart: files in a private directory.

use crate::scratch::Scratch;
use domain::PartPath;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::sync::Arc;

/// Reasons that are kept in words; of the others only the number.
pub(crate) const MAX_REASONS: usize = 20;
/// A reason's length, in characters.
const MAX_REASON_CHARS: usize = 200;

/// A file that is not taken out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its path in what it is in.
    pub path: String,
    /// Why, as the end of a sentence: "it is protected by a password".
    pub reason: String,
}

/// One file that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it stands in what it came from. No two parts have the same.
    pub path: PartPath,
    number: u32,
}

/// The files that were taken out of an archive or an e-mail. They lie in a private directory, which goes
/// with the last clone of this.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    list: Arc<[Part]>,
    scratch: Option<Arc<Scratch>>,
}

/// What the child says of a part.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FoundPart {
    pub number: u32,
    pub path: String,
}

impl Parts {
    /// The parts that the child found, as far as what it says makes sense.
    pub(crate) fn new(found: Vec<FoundPart>, most: u32, scratch: Scratch) -> Self {
        let mut paths = HashSet::new();
        let list: Vec<Part> = found
            .into_iter()
            .take(usize::try_from(most).unwrap_or(usize::MAX))
            .filter_map(|part| {
                let path = PartPath::parse(&part.path).ok()?;
                paths.insert(path.as_str().to_owned()).then_some(Part {
                    path,
                    number: part.number,
                })
            })
            .collect();
        Self {
            list: list.into(),
            scratch: Some(Arc::new(scratch)),
        }
    }

    /// Each part, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Part> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Opens a part to be read. Blocks.
    ///
    /// # Errors
    /// When it can't be opened, or is not a file of its own: the hostile side may have put a link there.
    pub fn open(&self, part: &Part) -> io::Result<File> {
        let scratch = self.scratch.as_ref().ok_or(io::ErrorKind::NotFound)?;
        // Without waiting: what stands there could be a pipe.
        let flags = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits();
        let file = File::options()
            .read(true)
            .custom_flags(i32::try_from(flags).map_err(io::Error::other)?)
            .open(scratch.path().join(file_name(part.number)))?;
        let about = file.metadata()?;
        if !about.is_file() || about.nlink() != 1 {
            return Err(io::Error::other("a part is not a file of its own"));
        }
        Ok(file)
    }
}

/// The name of a part's file in the scratch directory.
pub(crate) fn file_name(number: u32) -> String {
    format!("part-{number}")
}

/// What was left out, as far as what the child says makes sense.
pub(crate) fn sensible(left_out: Vec<LeftOut>) -> Vec<LeftOut> {
    let clean = |text: &str, most: usize| -> String {
        text.chars()
            .filter(|c| !c.is_control())
            .take(most)
            .collect()
    };
    left_out
        .into_iter()
        .take(MAX_REASONS)
        .map(|one| LeftOut {
            path: clean(&one.path, PartPath::MAX_CHARS),
            reason: clean(&one.reason, MAX_REASON_CHARS),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn found(number: u32, path: &str) -> FoundPart {
        FoundPart {
            number,
            path: path.to_owned(),
        }
    }

    #[test]
    fn only_files_that_are_nothing_else_are_opened() {
        let scratch = Scratch::new().expect("a directory");
        let home = tempfile::tempdir().expect("a directory");
        let secret = home.path().join("secret");
        std::fs::write(&secret, "secret").expect("a file");
        let at = |number| scratch.path().join(file_name(number));
        std::fs::write(at(1), "fine").expect("a file");
        symlink(&secret, at(2)).expect("a link");
        std::fs::write(at(3), "also elsewhere").expect("a file");
        std::fs::hard_link(at(3), scratch.path().join("other")).expect("a link");
        std::fs::create_dir(at(4)).expect("a directory");
        let all = (1..=5).map(|n| found(n, &format!("{n}.txt"))).collect();
        let parts = Parts::new(all, 100, scratch);
        let opened: Vec<bool> = parts.iter().map(|part| parts.open(part).is_ok()).collect();
        assert_eq!(opened, [true, false, false, false, false]);
    }

    #[test]
    fn a_child_that_was_taken_over_is_not_believed() {
        let scratch = Scratch::new().expect("a directory");
        let directory = scratch.path().to_owned();
        let told = vec![
            found(1, "a.txt"),
            found(2, "a.txt"),
            found(3, "../../x"),
            found(4, "b\0.txt"),
            found(5, "c.txt"),
        ];
        let parts = Parts::new(told, 4, scratch);
        let paths: Vec<&str> = parts.iter().map(|part| part.path.as_str()).collect();
        assert_eq!(paths, ["a.txt", "b.txt"]);
        drop(parts);
        assert!(!directory.exists(), "the directory goes with the parts");
    }
}
