//! How much one file may cost.

use std::time::Duration;

/// A tool may always write a file of this size: a page as a picture, without which nothing is read.
const LEAST_FILE: u64 = 32 << 20;

/// What the child and its tools may use for one file.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Address space of each process. It bounds what a decompression bomb can allocate.
    pub memory_bytes: u64,
    /// Time for the whole file; afterwards everything is killed.
    pub wall: Duration,
    /// Computing time of each process.
    pub cpu: Duration,
    /// Text that is kept; the rest is cut off and the result marked as truncated.
    pub output_bytes: u64,
    /// The largest temporary file a process may write.
    pub file_bytes: u64,
    /// Processes and threads. The kernel counts them per user, so this stays generous; it does not
    /// bind root.
    pub processes: u64,
    /// Pages that are read; the rest is left out and the result marked as truncated.
    pub max_pages: u32,
    /// Files that are taken out of one archive or e-mail; none means that it stays closed.
    pub max_parts: u32,
    /// What they may be in all, in bytes. Each one is bound by `file_bytes`.
    pub parts_bytes: u64,
    /// Room for temporary files, the file itself among them. Parts get what the file leaves.
    pub space_bytes: u64,
    /// Whether nothing is read unless the kernel puts up every wall that it is asked for.
    pub all_walls: bool,
    /// What tesseract is to read: `eng`, or several as in `eng+deu`.
    pub ocr_languages: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 2 << 30,
            wall: Duration::from_secs(600),
            cpu: Duration::from_secs(300),
            output_bytes: 8 << 20,
            file_bytes: 256 << 20,
            processes: 4096,
            max_pages: 2000,
            max_parts: 1000,
            parts_bytes: 1 << 30,
            space_bytes: u64::MAX,
            all_walls: false,
            ocr_languages: "eng".to_owned(),
        }
    }
}

impl Limits {
    /// The limits for a file of that size: it and what comes out of it have to fit in the room for one.
    pub(crate) fn beside(&self, file: u64) -> Self {
        let left = self.space_bytes.saturating_sub(file);
        Self {
            file_bytes: self.file_bytes.min(left.max(LEAST_FILE)),
            parts_bytes: self.parts_bytes.min(left),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_its_parts_share_the_room_for_one() {
        let limits = Limits {
            space_bytes: 1000 << 20,
            ..Limits::default()
        };
        for (file, parts, one) in [
            (0, 1000, 256),
            (600, 400, 256),
            (900, 100, 100),
            (990, 10, 32),
        ] {
            let beside = limits.beside(file << 20);
            assert_eq!(
                (beside.parts_bytes >> 20, beside.file_bytes >> 20),
                (parts, one),
                "{file}"
            );
        }
        assert_eq!(limits.beside(2000 << 20).parts_bytes, 0);
        assert_eq!(Limits::default().beside(1 << 40).parts_bytes, 1 << 30);
    }
}
