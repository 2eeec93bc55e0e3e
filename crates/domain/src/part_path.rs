//! Where a part stands in the archive or e-mail that it came from. Only ever shown: no file is opened
//! or written by such a path.

use crate::names::is_bidi_control;
use crate::{Error, FileName};
use std::fmt;

/// The path of a part in what it came from: folders and a file's name, divided by `/`.
///
/// 1 to 500 characters, without control characters, `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartPath {
    whole: String,
    name: FileName,
}

impl PartPath {
    /// The longest path, in characters.
    pub const MAX_CHARS: usize = 500;

    /// Takes a path as an archive has it. Windows' separators count as well.
    ///
    /// # Errors
    /// `Invalid` when it leads out of the archive, names no file or is too long.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        let invalid = |reason: &str| Error::invalid("path", reason);
        let visible: String = raw
            .chars()
            .filter(|c| !c.is_control() && !is_bidi_control(*c))
            .collect();
        let visible = visible.trim();
        let steps: Vec<&str> = visible
            .split(['/', '\\'])
            .map(str::trim)
            .filter(|step| !step.is_empty() && *step != ".")
            .collect();
        let leads_out = visible.starts_with(['/', '\\'])
            || steps.contains(&"..")
            || steps.first().is_some_and(|step| is_drive(step));
        if leads_out {
            return Err(invalid("its name leads out of the archive"));
        }
        let last = steps.last().copied().unwrap_or_default();
        let name = FileName::parse(last)
            .map_err(|_| invalid("it has no name, or one of more than 255 characters"))?;
        let whole = steps.join("/");
        if whole.chars().count() > Self::MAX_CHARS {
            return Err(invalid("its path has more than 500 characters"));
        }
        Ok(Self { whole, name })
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// The file's own name.
    pub fn name(&self) -> &FileName {
        &self.name
    }

    /// The same path with a number before the name's extension: `a/b.txt`, `a/b (2).txt`. An archive or
    /// an e-mail may hold several files of one name.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Option<Self> {
        let (stem, ending) = match self.whole.rsplit_once('.') {
            Some((stem, ending))
                if !stem.is_empty() && !stem.ends_with('/') && !ending.contains('/') =>
            {
                (stem, format!(".{ending}"))
            }
            _ => (self.whole.as_str(), String::new()),
        };
        Self::parse(&format!("{stem} ({number}){ending}")).ok()
    }
}

/// `C:`
fn is_drive(step: &str) -> bool {
    matches!(step.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

impl fmt::Display for PartPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}
