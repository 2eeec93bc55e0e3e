//! Settings that lie in files: secrets of containers (`/run/secrets`), credentials of systemd.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs::File,
    io::{ErrorKind, Read},
    path::Path,
};
use thiserror::Error as ThisError;

/// No setting is longer. What is, is another file.
const MOST_BYTES: u64 = 64 * 1024;

/// Why a file gives no value. Holds neither its path, which could be a secret that was put in the wrong
/// variable, nor anything of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
pub enum FileFault {
    /// Nothing is there.
    #[error("a file that does not exist")]
    NotThere,
    /// The process may not read it.
    #[error("a file that this process may not read")]
    Forbidden,
    /// It is a folder.
    #[error("a folder, not a file")]
    Folder,
    /// It is longer than any setting.
    #[error("a file of more than 64 KiB")]
    TooLarge,
    /// It is not text.
    #[error("a file that is not UTF-8 text")]
    NotText,
    /// Something else.
    #[error("a file that can't be read ({0})")]
    Other(ErrorKind),
}

impl From<std::io::Error> for FileFault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NotThere,
            ErrorKind::PermissionDenied => Self::Forbidden,
            ErrorKind::IsADirectory => Self::Folder,
            other => Self::Other(other),
        }
    }
}

/// What was read, by the name of the setting: settings are looked at several times, files are read once.
#[derive(Default)]
pub(crate) struct Files(RefCell<BTreeMap<String, Result<String, FileFault>>>);

impl Files {
    /// What stands in the file of that setting.
    pub(crate) fn read(&self, name: &str, path: &Path) -> Result<String, FileFault> {
        let mut read_so_far = self.0.borrow_mut();
        read_so_far
            .entry(name.to_owned())
            .or_insert_with(|| read(path))
            .clone()
    }
}

fn read(path: &Path) -> Result<String, FileFault> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(MOST_BYTES).read_to_end(&mut bytes)?;
    if file.read(&mut [0])? > 0 {
        return Err(FileFault::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| FileFault::NotText)?;
    Ok(without_newline(text))
}

/// Editors and `echo` end a file with a newline that nobody means. Only one goes: whatever else stands
/// there may be a part of a password.
fn without_newline(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}
