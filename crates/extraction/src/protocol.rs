//! What parent and child say to each other: one line of JSON in; one out with what was found, and where the
//! picture takes longer, a second with that.

use crate::parts::FoundPart;
use crate::{Failure, LeftOut, Limits, Walls};
use domain::{FileName, FileType};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The work order, one line on the child's standard input.
///
/// The pipe stays open after it: its end tells the child that the parent is gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub path: PathBuf,
    pub scratch: PathBuf,
    pub file_type: FileType,
    pub file_name: FileName,
    pub memory_bytes: u64,
    pub wall_ms: u64,
    pub cpu_seconds: u64,
    pub output_bytes: u64,
    pub file_bytes: u64,
    pub processes: u64,
    pub max_pages: u32,
    pub max_parts: u32,
    pub parts_bytes: u64,
    /// Whether nothing may be read unless every wall stands.
    #[serde(default)]
    pub all_walls: bool,
    pub ocr_languages: String,
}

/// The first line of the child's answer on its standard output.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    /// What the kernel enforces.
    pub walls: Walls,
    pub outcome: Result<Found, Failure>,
}

/// What was found in the file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Found {
    pub pages: Vec<String>,
    pub page_count: u32,
    /// Base64: a file in the scratch directory could be a link that the hostile side made. None also where
    /// it follows.
    pub thumbnail: Option<String>,
    pub truncated: bool,
    #[serde(default)]
    pub unread: u32,
    #[serde(default)]
    pub parts: Vec<FoundPart>,
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    #[serde(default)]
    pub left_out_count: u32,
}

/// The second line, when the picture was drawn after the text was read: a thumbnail as in [`Found`].
pub(crate) type Drawn = Result<Option<String>, Failure>;

/// The largest thumbnail that is passed on, in bytes.
pub(crate) const MAX_THUMBNAIL: usize = 512 << 10;

/// The child's exit code for "this machine is the reason": it could not read its order or put up its
/// walls.
pub(crate) const EXIT_TRANSIENT: u8 = 75;

impl Request {
    pub(crate) fn new(
        path: PathBuf,
        scratch: PathBuf,
        file_type: FileType,
        file_name: FileName,
        limits: &Limits,
    ) -> Self {
        Self {
            path,
            scratch,
            file_type,
            file_name,
            memory_bytes: limits.memory_bytes,
            wall_ms: u64::try_from(limits.wall.as_millis()).unwrap_or(u64::MAX),
            cpu_seconds: limits.cpu.as_secs().max(1),
            output_bytes: limits.output_bytes,
            file_bytes: limits.file_bytes,
            processes: limits.processes,
            max_pages: limits.max_pages,
            max_parts: limits.max_parts,
            parts_bytes: limits.parts_bytes,
            all_walls: limits.all_walls,
            ocr_languages: limits.ocr_languages.clone(),
        }
    }
}

/// The longest line about a part: its path, every character of which may be escaped.
const MAX_PART_REPLY: u64 = 8 << 10;

/// The longest answer that a well-behaved child can give: escaping doubles text at most, because
/// control characters are gone by then; the rest is the thumbnail and the brackets.
pub(crate) fn max_reply_bytes(limits: &Limits) -> u64 {
    limits
        .output_bytes
        .saturating_mul(2)
        .saturating_add(u64::from(limits.max_pages) * 4)
        .saturating_add(u64::from(limits.max_parts) * MAX_PART_REPLY)
        .saturating_add(2 << 20)
}
